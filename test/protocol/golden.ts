import { readFileSync } from 'node:fs';

interface Golden {
  readonly worker: Readonly<Record<string, string>>;
  readonly master: Readonly<Record<string, string>>;
  readonly errorKeys: readonly (readonly [text: string, key: string, parsed: string])[];
  readonly buckets: readonly (readonly [time: number, bucket: number])[];
}

/** What Python Locust wrote; made by golden.py. */
export const golden: Golden = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8'));

/** The node id in all of it. */
export const goldenWorker = 'pod-3_0123456789abcdef0123456789abcdef';

/** The bytes of one message. */
export function goldenFrame(direction: 'worker' | 'master', name: string): Uint8Array {
  const hex = golden[direction][name];
  if (hex === undefined) throw new Error(`golden.json has no ${direction}.${name}`);
  return Buffer.from(hex, 'hex');
}
