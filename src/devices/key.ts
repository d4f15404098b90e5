import { createPrivateKey, createPublicKey, generateKeyPair, generateKeyPairSync, KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { UsageError } from '../errors.ts';
import type { Algorithm } from './device.ts';
import { readPem } from './pem.ts';

/** The algorithms that have a key pair. */
export type KeyAlgorithm = Exclude<Algorithm, 'HS256'>;

/** PEM: PKCS#8, and SubjectPublicKeyInfo. */
export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

const encoding = {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
} as const;
const curve = { namedCurve: 'P-256', ...encoding } as const;
const rsa = { modulusLength: 2048, ...encoding } as const;
const generate = promisify(generateKeyPair);

/** A new key pair: P-256 for ES256, RSA of 2048 bits for RS256. */
export function makeKeyPair(algorithm: KeyAlgorithm): KeyPair {
  return algorithm === 'ES256' ? generateKeyPairSync('ec', curve) : generateKeyPairSync('rsa', rsa);
}

/** The same, made beside the event loop: an RSA key takes a quarter of a second. */
export function makeKeyPairAside(algorithm: KeyAlgorithm): Promise<KeyPair> {
  return algorithm === 'ES256' ? generate('ec', curve) : generate('rsa', rsa);
}

/** What a key signs or verifies with. RSA is RS256, P-256 is ES256, a secret is HS256; other keys are an error. */
export function algorithmOf(key: KeyObject | string): Algorithm {
  const object = key instanceof KeyObject ? key : parseKey(key);
  if (object.type === 'secret') return 'HS256';
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = object;
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  if (type === 'rsa') return 'RS256';
  const kind = type === 'ec' ? `the curve ${details?.namedCurve}` : `the type ${type}`;
  throw new UsageError(`the key has ${kind}; P-256 (ES256) or RSA (RS256) is expected`);
}

/** The public key (PEM, SubjectPublicKeyInfo) that belongs to a private one, or a public one in that form. */
export function publicKeyOf(key: string): string {
  const object = parseKey(key);
  const isPublic = object.type === 'public';
  return (isPublic ? object : createPublicKey(object)).export({ type: 'spki', format: 'pem' }).toString();
}

/** Whether two public keys (PEM) are one: a PEM can be broken into lines in many ways. */
export function isSameKey(one: string, other: string): boolean {
  return one === other || publicKeyOf(one) === publicKeyOf(other);
}

/**
 * A key of a PEM of any kind: PKCS#8, SEC 1, PKCS#1, SubjectPublicKeyInfo, on one line or many.
 *
 * @throws UsageError that holds nothing of the key. What OpenSSL says goes unsaid with it: no `cause`.
 */
export function parseKey(text: string): KeyObject {
  const pem = pemOrUsage(text);
  try {
    return pem.label.endsWith('PUBLIC KEY') ? createPublicKey(pem.text) : createPrivateKey(pem.text);
  } catch {
    throw new UsageError(`the key cannot be parsed: what stands in its PEM is no ${pem.label}`);
  }
}

function pemOrUsage(text: string): { readonly label: string; readonly text: string } {
  try {
    return readPem(text);
  } catch (thrown) {
    throw new UsageError(`no key: ${(thrown as Error).message}`);
  }
}
