/**
 * Response times counted by bucket, in two flat lists, ascending: adding the few buckets of one second to the many of a
 * run is cheap, and so are percentiles, which would otherwise sort the buckets of each name each second.
 */
export class TimeCounts {
  #buckets: number[] = [];
  #counts: number[] = [];

  get isEmpty(): boolean {
    return this.#buckets.length === 0;
  }

  /** Bucket in ms → count. */
  add(more: ReadonlyMap<number, number>): void {
    const fresh: number[] = [];
    let at = 0;
    let last = Number.NEGATIVE_INFINITY;
    more.forEach((count, bucket) => {
      at = this.#place(bucket, bucket < last ? 0 : at);
      last = bucket;
      if (this.#buckets[at] === bucket) this.#counts[at] = (this.#counts[at] ?? 0) + count;
      else fresh.push(bucket);
    });
    if (fresh.length > 0) this.#insert(fresh, more);
  }

  /** Takes away what was added before. */
  remove(fewer: ReadonlyMap<number, number>): void {
    for (const [bucket, count] of fewer) {
      const at = this.#place(bucket, 0);
      if (this.#buckets[at] === bucket) this.#counts[at] = (this.#counts[at] ?? 0) - count;
    }
    if (fewer.size > 0) this.#dropEmpty();
  }

  clear(): void {
    this.#buckets = [];
    this.#counts = [];
  }

  /**
   * The bucket, in ms, within which each part of `percents` (0 to 1, ascending) of `timed` requests ended; 0 if there was
   * none. Locust's `calculate_response_time_percentile`, for all of them in one pass.
   */
  percentiles(timed: number, percents: readonly number[]): number[] {
    const found = percents.map(() => 0);
    let open = percents.length - 1;
    let passed = 0;
    for (let at = this.#buckets.length - 1; at >= 0 && open >= 0; at--) {
      passed += this.#counts[at] ?? 0;
      while (open >= 0 && timed - passed <= Math.trunc(timed * (percents[open] ?? 0))) {
        found[open] = this.#buckets[at] ?? 0;
        open--;
      }
    }
    return found;
  }

  /** Bucket in ms → count, ascending. */
  toMap(): Map<number, number> {
    const map = new Map<number, number>();
    for (let at = 0; at < this.#buckets.length; at++) map.set(this.#buckets[at] ?? 0, this.#counts[at] ?? 0);
    return map;
  }

  /** Where the bucket is, or would have to be put; not before `low`. */
  #place(bucket: number, low: number): number {
    let high = this.#buckets.length;
    let from = low;
    while (from < high) {
      const middle = (from + high) >>> 1;
      if ((this.#buckets[middle] ?? 0) < bucket) from = middle + 1;
      else high = middle;
    }
    return from;
  }

  /** From the end, so that each bucket moves once, however many are new. */
  #insert(fresh: number[], counts: ReadonlyMap<number, number>): void {
    // of several threads they come one after the other
    fresh.sort((a, b) => a - b);
    let old = this.#buckets.length - 1;
    for (const bucket of fresh) {
      this.#buckets.push(bucket);
      this.#counts.push(0);
    }
    let to = this.#buckets.length - 1;
    for (let at = fresh.length - 1; at >= 0; at--) {
      const bucket = fresh[at] ?? 0;
      for (; old >= 0 && (this.#buckets[old] ?? 0) > bucket; old--, to--) {
        this.#buckets[to] = this.#buckets[old] ?? 0;
        this.#counts[to] = this.#counts[old] ?? 0;
      }
      this.#buckets[to] = bucket;
      this.#counts[to] = counts.get(bucket) ?? 0;
      to--;
    }
  }

  #dropEmpty(): void {
    let kept = 0;
    for (let at = 0; at < this.#buckets.length; at++) {
      const count = this.#counts[at] ?? 0;
      if (count === 0) continue;
      this.#buckets[kept] = this.#buckets[at] ?? 0;
      this.#counts[kept] = count;
      kept++;
    }
    this.#buckets.length = kept;
    this.#counts.length = kept;
  }
}
