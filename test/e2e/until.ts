import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Seconds after which it is an error, on a machine that has time; a busy one gets more. */
  readonly limit?: number;
  /** Seconds between two looks. */
  readonly every?: number;
  /** What the error shows besides. */
  readonly show?: () => unknown;
}

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 3000 ? `…${text.slice(-3000)}` : text;
};

/** What takes a second where nothing else runs may take this many. */
const patience = 3;

/** Looks again and again until `look` returns something true, and returns that. Errors count as not yet. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  { limit = 20, every = 0.05, show }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const end = Date.now() + limit * patience * 1000;
  let last: unknown;
  do {
    try {
      const value = await look();
      if (value) return value;
      last = value;
    } catch (error) {
      last = String(error);
    }
    await sleep(every * 1000);
  } while (Date.now() < end);
  throw new Error(`not within ${limit * patience} s: ${what}; last: ${shown(show ? show() : last)}`);
}
