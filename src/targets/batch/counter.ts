/** Serves one after the other, in the order in which they came: a server with one core, without using one. */
export class Counter {
  /** `performance.now()` when all that came is served. */
  #free = 0;

  /** Resolves when so many milliseconds of service are over. What timers are late does not add up. */
  serve(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return Promise.resolve();
    const now = performance.now();
    this.#free = Math.max(now, this.#free) + milliseconds;
    const wait = this.#free - now;
    return new Promise((resolve) => setTimeout(resolve, wait));
  }
}
