/** Status line and headers of an answer; decoded when asked for. */
export interface Head {
  readonly status: number;
  /** The reason phrase, '' if there is none. */
  readonly statusText: string;
  /** All values of one header, undefined if there are none. `name` in lower case. */
  values(name: string): readonly string[] | undefined;
  /** Lower-case names; several values of one name joined by a comma, as in requests. */
  all(): Readonly<Record<string, string>>;
}

/** `Head.all` of names and values in turn; the names in lower case. */
export function joined(list: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null);
  for (let at = 0; at + 1 < list.length; at += 2) {
    const name = list[at] as string;
    const value = list[at + 1] as string;
    const known = headers[name];
    headers[name] = known === undefined ? value : `${known}, ${value}`;
  }
  return headers;
}
