import { UsageError } from '../errors.ts';
import type { DevicePlatform, TokenRules } from './platform.ts';
import { platforms } from './platforms.ts';
import { namesIn, type TemplateValues } from './template.ts';

/** Seconds that a token lives, if nobody says otherwise. */
const usualLifetime = 3600;

/**
 * Finds what is wrong with a platform and its values when a user class is loaded, rather than at the first login. Throws
 * `UsageError`.
 *
 * @example checkPlatform(platformOf('gcp'), { project: 'p', region: 'r', registry: 'g' });
 */
export function checkPlatform(platform: DevicePlatform, values: TemplateValues): void {
  const name = [...platforms].find(([, known]) => known === platform)?.[0];
  const label = name === undefined ? 'the platform' : `the platform ${name}`;
  for (const [value, given] of Object.entries(values)) {
    if (typeof given !== 'string') {
      throw new UsageError(`platformValues.${value} is no text; ${label} expects texts`);
    }
  }
  const { token } = platform;
  const hasToken = token !== undefined;
  const plain = [platform.clientId, ...Object.values(platform.topics), ...textsIn(token)].flatMap(namesIn);
  const secret = [platform.username ?? '', platform.password ?? ''].flatMap(namesIn);
  const needed = new Set([...plain, ...secret.filter((gap) => gap !== 'token' || !hasToken)]);
  const missing = [...needed].filter((gap) => gap !== 'device' && !(Object.hasOwn(values, gap) && values[gap]));
  if (missing.length > 0) {
    const example = missing.map((gap) => `${gap}: '…'`).join(', ');
    throw new UsageError(`${label} needs ${missing.join(', ')}: static platformValues = { ${example} }`);
  }
  if (token === undefined) return;
  lifetimeOf(token, values);
  if (token.algorithm === 'HS256' && !values.secret) {
    throw new UsageError(
      `${label} signs tokens with HS256 and needs their secret: static platformValues = { secret: '…' }`,
    );
  }
}

/** Seconds that a token lives: the value `lifetime`, else the platform's. Throws `UsageError` if it cannot. */
export function lifetimeOf({ lifetime = usualLifetime, maxLifetime }: TokenRules, values: TemplateValues): number {
  const seconds = values.lifetime ? Number(values.lifetime) : lifetime;
  if (!Number.isFinite(seconds) || seconds <= 0) {
    throw new UsageError(
      `the lifetime of tokens is '${values.lifetime || lifetime}'; seconds are expected, such as 3600`,
    );
  }
  if (maxLifetime !== undefined && seconds > maxLifetime) {
    throw new UsageError(`the lifetime of tokens is ${seconds} s; the platform takes ${maxLifetime} s at most`);
  }
  return seconds;
}

/** All texts of the rules of a token, those of its claims too. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
