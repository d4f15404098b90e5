import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `done` is, but no longer than so many milliseconds. */
export async function within(milliseconds: number, done: Promise<unknown>): Promise<void> {
  const end = new AbortController();
  const late = delay(milliseconds, undefined, { signal: end.signal }).catch(() => {});
  await Promise.race([done, late]);
  end.abort();
}
