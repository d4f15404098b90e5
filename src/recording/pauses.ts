/** A share of the pauses (0 to 1) and the seconds that they are shorter than. */
export type Quantile = readonly [share: number, seconds: number];

const longest = 24 * 3600 * 1000;

/** How long clients paused between two requests. Within bounds: times are kept to three digits. */
export class Pauses {
  readonly #counts = new Map<number, number>();
  #total = 0;
  #sum = 0;
  #isWhole = true;

  get count(): number {
    return this.#total;
  }

  /** Mean, in seconds. */
  get mean(): number {
    return this.#total === 0 ? 0 : this.#sum / this.#total / 1000;
  }

  add(milliseconds: number): void {
    const pause = Math.min(Math.max(0, milliseconds), longest);
    if (pause % 1000 !== 0) this.#isWhole = false;
    const step = stepOf(pause);
    const key = Math.round(pause / step) * step;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#total++;
    this.#sum += pause;
  }

  /**
   * Seconds that this share of the pauses is shorter than. Between two values it is a straight line: a log with whole
   * seconds says 2 for all between 1.5 and 2.5.
   */
  quantile(share: number): number {
    const wanted = share * this.#total;
    let before = 0;
    let end = 0;
    for (const key of this.#sorted()) {
      const count = this.#counts.get(key) ?? 0;
      const half = (this.#isWhole ? Math.max(1000, stepOf(key)) : stepOf(key)) / 2;
      const start = Math.max(end, key - half, 0);
      end = key === 0 && !this.#isWhole ? 0 : key + half;
      if (before + count >= wanted) return (start + ((end - start) * (wanted - before)) / count) / 1000;
      before += count;
    }
    return end / 1000;
  }

  /** Mean of the longest ones, from this share on; seconds. */
  meanAbove(share: number): number {
    const steps = 200;
    let sum = 0;
    for (let step = 0; step < steps; step++) sum += this.quantile(share + ((1 - share) * (step + 0.5)) / steps);
    return sum / steps;
  }

  #keys: readonly number[] = [];

  #sorted(): readonly number[] {
    if (this.#keys.length !== this.#counts.size) this.#keys = [...this.#counts.keys()].sort((a, b) => a - b);
    return this.#keys;
  }
}

/** How fine a time is kept, ms. */
function stepOf(milliseconds: number): number {
  if (milliseconds < 1000) return 1;
  if (milliseconds < 10_000) return 10;
  return milliseconds < 100_000 ? 100 : 1000;
}
