// Key pairs of these tests, made once: RSA takes its time.
import { type KeyPair, makeKeyPair } from '../../src/devices/key.ts';

export const ec: KeyPair = makeKeyPair('ES256');
export const otherEc: KeyPair = makeKeyPair('ES256');
export const rsa: KeyPair = makeKeyPair('RS256');

/** Every text of 16 characters of a key that is no part of each key's beginning: an error must not hold one. */
export function piecesOf(pem: string): readonly string[] {
  const body = pem.replace(/-----[^-]+-----|\s/g, '').slice(36);
  return Array.from({ length: body.length - 16 }, (_, at) => body.slice(at, at + 16));
}
