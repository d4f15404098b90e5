/** A rate with its standard error. */
interface Rate {
  readonly rps: number;
  readonly error: number;
}

/**
 * Whether only noise stands between a rate and a higher one: so many standard errors of both (`times`), or a difference
 * that is too small to be called one, however sure it is (`negligible`, part of 1).
 */
export function isAsHigh(
  { rps, error }: Rate,
  top: Rate,
  { times = 2, negligible = 0.05 }: { readonly times?: number; readonly negligible?: number } = {},
): boolean {
  return top.rps - rps <= Math.max(times * Math.hypot(error, top.error), negligible * top.rps);
}
