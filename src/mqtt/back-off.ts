import type { Life } from '../user/life.ts';

/** The pauses before a broker is tried again, in seconds. */
export interface BackOff {
  /** The first one; each further one is twice as long. */
  readonly first: number;
  /** They grow no longer than that. */
  readonly max: number;
}

/**
 * Seconds before the next try after `pauses` others: `first` × 2ⁿ, at most `max`, and a random part of up to `first`, so
 * that thousands of devices do not come back in one moment. `random` is 0 to 1.
 */
export function backOff({ first, max }: BackOff, pauses: number, random: number): number {
  return Math.min(max, first * 2 ** pauses) + first * random;
}

/** The pauses of one connection. They begin anew after one that has lasted longer than the last of them. */
export class Pauses {
  #count = 0;
  #seconds = 0;
  #openedAt = 0;

  /** Throws `StopUser` if the user is told to stop before or meanwhile. */
  wait(life: Life, rule: BackOff): Promise<void> {
    this.#seconds = backOff(rule, this.#count++, Math.random());
    return life.wait(this.#seconds);
  }

  opened(): void {
    this.#openedAt = performance.now();
  }

  lost(): void {
    if (performance.now() - this.#openedAt > this.#seconds * 1000) this.#count = 0;
  }
}
