import { createSecretKey, type KeyObject } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import type { Algorithm } from '../../devices/device.ts';
import type { TokenRules } from '../../devices/platform.ts';
import type { TemplateValues } from '../../devices/template.ts';
import { anyText, bindingOf } from './binding.ts';
import { quoted, Refusal } from './refusal.ts';

/** With what the tokens of a device must be signed. */
export interface VerifyingKey {
  readonly algorithm: Algorithm;
  /** A public key, or for HS256 a secret: never the one in place of the other. */
  readonly key: KeyObject;
}

/** A secret that all devices sign with. */
export function secretKey(secret: string): VerifyingKey {
  return { algorithm: 'HS256', key: createSecretKey(Buffer.from(secret)) };
}

/** Base64url without padding (RFC 7515); what is laxer, ClearBlade refuses too. */
const compact = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Holds a token against the registry's key and the platform's rules; the epoch milliseconds of its end (without `skew`,
 * seconds), undefined if it has none. Throws `Refusal`.
 */
export function checkToken(
  text: string,
  { algorithm, key }: VerifyingKey,
  rules: TokenRules,
  known: TemplateValues,
  skew: number,
): number | undefined {
  const claims = verified(text, algorithm, key, skew);
  checkTimes(claims, rules, skew);
  checkText('audience', rules.audience, claims.aud, known);
  checkText('issuer', rules.issuer, claims.iss, known);
  checkText('subject', rules.subject, claims.sub, known);
  for (const [name, wanted] of Object.entries(rules.claims ?? {})) {
    if (typeof wanted === 'string') checkText('claims', wanted, claims[name], known, `claim ${name}`);
  }
  return claims.exp === undefined ? undefined : claims.exp * 1000;
}

interface Claims extends jsonwebtoken.JwtPayload {
  readonly [name: string]: unknown;
}

function verified(text: string, algorithm: Algorithm, key: KeyObject, skew: number): Claims {
  if (!compact.test(text)) throw new Refusal('malformed token', 'what it shows is no token');
  try {
    // The registry says what it is signed with, never the token itself: neither `none`, nor HS256 with a public key.
    const claims = jsonwebtoken.verify(text, key, { algorithms: [algorithm], clockTolerance: skew });
    if (typeof claims === 'object') return claims as Claims;
    throw new Refusal('malformed token', 'its token has no claims');
  } catch (thrown) {
    throw thrown instanceof Refusal ? thrown : refusalOf(thrown as Error, algorithm);
  }
}

function refusalOf(error: Error, algorithm: Algorithm): Refusal {
  if (error instanceof jsonwebtoken.TokenExpiredError) {
    return new Refusal('expired', `its token expired at ${error.expiredAt.toISOString()}`);
  }
  if (error instanceof jsonwebtoken.NotBeforeError) {
    return new Refusal('issued at', `its token is not valid before ${error.date.toISOString()}`);
  }
  if (error.message === 'invalid algorithm' || error.message === 'jwt signature is required') {
    return new Refusal('algorithm', `its token is not signed with ${algorithm}, as the registry says`);
  }
  if (error.message === 'invalid signature') {
    return new Refusal('signature', "the signature of its token does not match the registry's key");
  }
  return new Refusal('malformed token', `its token cannot be read: ${error.message}`);
}

/** The longest life counts from `iat`, so that both must be there. */
function checkTimes({ iat, exp }: Claims, { maxLifetime }: TokenRules, skew: number): void {
  const now = Date.now() / 1000;
  if (iat !== undefined && (typeof iat !== 'number' || iat > now + skew + 1)) {
    throw new Refusal('issued at', 'its token was issued in the future');
  }
  if (maxLifetime === undefined) return;
  if (iat === undefined) throw new Refusal('issued at', 'its token does not say when it was issued');
  if (exp === undefined) throw new Refusal('lifetime', 'its token has no end');
  if (exp - iat > maxLifetime + skew) {
    throw new Refusal('lifetime', `its token lives for ${exp - iat} s; ${maxLifetime} s are allowed`);
  }
}

/** One text, as our devices write it; a list of audiences is refused, as Google's platform did. */
function checkText(
  reason: 'audience' | 'issuer' | 'subject' | 'claims',
  template: string | undefined,
  given: unknown,
  known: TemplateValues,
  label: string = reason,
): void {
  if (template === undefined) return;
  if (typeof given !== 'string') throw new Refusal(reason, `the ${label} of its token is missing`);
  if (bindingOf(template, given, known, anyText) !== undefined) return;
  throw new Refusal(reason, `the ${label} of its token is ${quoted(given)}, which is another`);
}
