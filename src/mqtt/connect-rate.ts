import type { Life } from '../user/life.ts';

/** Lets connections begin at a rate, evenly, whatever the spawn rate is. One a class and load thread. */
export class ConnectRate {
  readonly #interval: number;
  /** When the next one may begin, by the monotonic clock, ms. */
  #next = 0;

  /** `perSecond` of this thread. */
  constructor(perSecond: number) {
    this.#interval = 1000 / perSecond;
  }

  /** Resolves when it is one's turn; throws `StopUser` if the user is told to stop before. */
  async turn(life: Life): Promise<void> {
    const now = performance.now();
    const at = Math.max(this.#next, now);
    this.#next = at + this.#interval;
    if (at <= now) return;
    try {
      await life.wait((at - now) / 1000);
    } catch (thrown) {
      // Those who are stopped in a long queue leave it to those of the next test.
      this.#next -= this.#interval;
      throw thrown;
    }
  }
}
