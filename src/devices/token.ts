import { createSecretKey, type KeyObject } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { UsageError } from '../errors.ts';
import type { Algorithm } from './device.ts';
import { algorithmOf, parseKey } from './key.ts';

/** A token and its times, epoch milliseconds. */
export interface Token {
  readonly text: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When the next one should take its place: at 80 % of its life, less a random part of up to 10 %. */
  readonly renewAt: number;
}

/** A key that was parsed, and what it signs with. Nothing of it shows when it is printed. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: Algorithm;
}

/** What is signed: texts are filled in already. */
export interface TokenContent {
  readonly audience?: string | undefined;
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  readonly keyId?: string | undefined;
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** Seconds from now to its end. */
  readonly lifetime: number;
}

/** What the algorithms need, for people. */
const needs: Readonly<Record<Algorithm, string>> = {
  ES256: 'a P-256 key (prime256v1)',
  RS256: 'an RSA key of at least 2048 bits',
  HS256: "a secret (platformValues: { secret: '…' })",
};

/**
 * The private key of `owner`, parsed once. `algorithm` is what the platform wants; without it the key says. Throws
 * `UsageError`, which never shows the key.
 */
export function signingKeyOf(owner: string, pem: string, algorithm?: Algorithm): SigningKey {
  const key = parse(owner, pem);
  const own = usableAlgorithmOf(key);
  if (own === undefined || (algorithm !== undefined && algorithm !== own)) {
    const wanted =
      algorithm === undefined ? `${needs.ES256} or ${needs.RS256}` : `for ${algorithm} ${needs[algorithm]}`;
    throw new UsageError(`the private key of ${owner} is ${describe(key)}; ${wanted} is needed to sign its tokens`);
  }
  return { key, algorithm: own };
}

/** A secret that the broker knows too, for HS256. */
export function secretKeyOf(owner: string, secret: string): SigningKey {
  if (secret === '') throw new UsageError(`the secret for the tokens of ${owner} is empty`);
  return { key: createSecretKey(Buffer.from(secret)), algorithm: 'HS256' };
}

/** A fresh token. `now` is epoch ms, `random` 0 to 1: how much of the 10 % of its life it is renewed earlier. */
export function mintToken({ key, algorithm }: SigningKey, content: TokenContent, now: number, random: number): Token {
  const { audience, issuer, subject, keyId, claims, lifetime } = content;
  const iat = Math.floor(now / 1000);
  // At least a second, and never longer than allowed for want of the fraction.
  const exp = iat + Math.max(1, Math.floor(lifetime));
  const payload = {
    ...claims,
    ...(audience === undefined ? {} : { aud: audience }),
    ...(issuer === undefined ? {} : { iss: issuer }),
    ...(subject === undefined ? {} : { sub: subject }),
    iat,
    exp,
  };
  const text = jsonwebtoken.sign(payload, key, { algorithm, ...(keyId === undefined ? {} : { keyid: keyId }) });
  const expiresAt = exp * 1000;
  return { text, issuedAt: now, expiresAt, renewAt: now + (expiresAt - now) * (0.8 - 0.1 * random) };
}

function parse(owner: string, pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = parseKey(pem);
  } catch (thrown) {
    throw new UsageError(`the private key of ${owner} cannot be used: ${(thrown as Error).message}`);
  }
  if (key.type === 'private') return key;
  throw new UsageError(`the private key of ${owner} is none, but a public one`);
}

/** Undefined if none of ours signs with it: RS256 asks for 2048 bits (RFC 7518). */
function usableAlgorithmOf(key: KeyObject): Algorithm | undefined {
  try {
    const algorithm = algorithmOf(key);
    return algorithm === 'RS256' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048 ? undefined : algorithm;
  } catch {
    return undefined;
  }
}

function describe({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string {
  if (type === 'rsa') return `an RSA key of ${String(details?.modulusLength)} bits`;
  return type === 'ec' ? `an EC key of the curve ${String(details?.namedCurve)}` : `a key of the type ${String(type)}`;
}
