/** What a name did in one sample, or in a piece of one. Times in ms. */
export interface NameCell {
  readonly requests: number;
  readonly failures: number;
  readonly median: number | null;
  readonly p95: number | null;
}

/** Stands for null: nothing ended in the ten seconds. */
const nothing = -1;

const merged = (a: number, b: number): number => Math.max(a, b);

/**
 * One name over the samples of a run, in typed arrays: 12 bytes a sample, 16 if the name has failures. Thinned by the
 * rules of `mergeSamples`.
 */
export class NameColumns {
  #requests: Uint32Array;
  #failures: Uint32Array | undefined;
  #median: Float32Array;
  #p95: Float32Array;

  /** `capacity` in samples. */
  constructor(capacity: number) {
    this.#requests = new Uint32Array(capacity);
    this.#median = new Float32Array(capacity).fill(nothing);
    this.#p95 = new Float32Array(capacity).fill(nothing);
  }

  /** Adds to the sample at `at`. */
  add(at: number, { requests, failures, median, p95 }: NameCell): void {
    const before = this.#requests[at] ?? 0;
    this.#median[at] = this.#mean(this.#median[at] ?? nothing, before, median ?? nothing, requests);
    this.#p95[at] = merged(this.#p95[at] ?? nothing, p95 ?? nothing);
    this.#requests[at] = before + requests;
    if (failures === 0) return;
    this.#failures ??= new Uint32Array(this.#requests.length);
    this.#failures[at] = (this.#failures[at] ?? 0) + failures;
  }

  grow(capacity: number): void {
    this.#requests = copied(this.#requests, new Uint32Array(capacity));
    this.#median = copied(this.#median, new Float32Array(capacity).fill(nothing));
    this.#p95 = copied(this.#p95, new Float32Array(capacity).fill(nothing));
    if (this.#failures !== undefined) this.#failures = copied(this.#failures, new Uint32Array(capacity));
  }

  /** Merges all in pairs; the second half is free then. */
  thin(): void {
    const requests = this.#requests;
    const half = requests.length / 2;
    for (let at = 0; at < half; at++) {
      const [left, right] = [at * 2, at * 2 + 1];
      this.#median[at] = this.#mean(
        this.#median[left] ?? nothing,
        requests[left] ?? 0,
        this.#median[right] ?? nothing,
        requests[right] ?? 0,
      );
      this.#p95[at] = merged(this.#p95[left] ?? nothing, this.#p95[right] ?? nothing);
      requests[at] = (requests[left] ?? 0) + (requests[right] ?? 0);
      if (this.#failures !== undefined) {
        this.#failures[at] = (this.#failures[left] ?? 0) + (this.#failures[right] ?? 0);
      }
    }
    requests.fill(0, half);
    this.#failures?.fill(0, half);
    this.#median.fill(nothing, half);
    this.#p95.fill(nothing, half);
  }

  /** Requests by sample, of the first `length`. */
  requests(length: number): readonly number[] {
    return [...this.#requests.subarray(0, length)];
  }

  failures(length: number): readonly number[] {
    return this.#failures === undefined ? new Array(length).fill(0) : [...this.#failures.subarray(0, length)];
  }

  median(length: number): readonly (number | null)[] {
    return Array.from(this.#median.subarray(0, length), timeOf);
  }

  p95(length: number): readonly (number | null)[] {
    return Array.from(this.#p95.subarray(0, length), timeOf);
  }

  #mean(a: number, weightOfA: number, b: number, weightOfB: number): number {
    if (a === nothing || b === nothing) return merged(a, b);
    const weight = weightOfA + weightOfB;
    return weight === 0 ? b : (a * weightOfA + b * weightOfB) / weight;
  }
}

function copied<T extends Uint32Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Half of the digits of a double were kept: hundredths of a ms are what is left of them. */
const timeOf = (value: number): number | null => (value === nothing ? null : Math.round(value * 100) / 100);
