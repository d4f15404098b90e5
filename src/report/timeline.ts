import type { Sample } from './run.ts';

/** Samples kept of a run, however long it is. Even, for they are merged in pairs. */
export const maxSamples = 2000;

/** Shortest length of a piece, in seconds, for a rate is over some time: the length where the clock has not moved. */
export const leastSeconds = 0.001;

/** A piece ends near a whole number of seconds; this much more still belongs to the sample. */
const slack = 0.5;

const greater = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

/** Two values as one, each with its weight; with none of both, the later. */
function mean(a: number | null, weightOfA: number, b: number | null, weightOfB: number): number | null {
  if (a === null || b === null) return a ?? b;
  const weight = weightOfA + weightOfB;
  return weight === 0 ? b : (a * weightOfA + b * weightOfB) / weight;
}

/** A rate is a count over a length: rounding gives the count back exactly. */
const countOf = (rate: number, seconds: number): number => Math.round(rate * seconds);

/**
 * Two neighbours as one. Counts are summed, users are those of the longer one (of two alike, the later), medians and averages are weighted by requests;
 * of p95, p99 and lag the greater is kept, so that a peak stays to be seen.
 */
export function mergeSamples(a: Sample, b: Sample): Sample {
  const seconds = a.seconds + b.seconds;
  const longer = a.seconds > b.seconds + slack ? a : b;
  const requests = countOf(a.requestsPerSecond, a.seconds);
  const moreRequests = countOf(b.requestsPerSecond, b.seconds);
  const failures = countOf(a.failuresPerSecond, a.seconds) + countOf(b.failuresPerSecond, b.seconds);
  return {
    time: b.time,
    seconds,
    userCount: longer.userCount,
    usersByClass: longer.usersByClass,
    requestsPerSecond: (requests + moreRequests) / seconds,
    failuresPerSecond: failures / seconds,
    median: mean(a.median, requests, b.median, moreRequests),
    p95: greater(a.p95, b.p95),
    p99: greater(a.p99, b.p99),
    average: mean(a.average, requests, b.average, moreRequests),
    lag: Math.max(a.lag, b.lag),
    cpu: mean(a.cpu, a.seconds, b.cpu, b.seconds) ?? 0,
  };
}

/** The samples of a run: each of one second at first; whenever there are 2,000, they become 1,000 of twice the length. */
export class Timeline {
  #samples: Sample[] = [];
  /** Seconds that a sample covers before the next one begins. */
  #length = 1;

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  get length(): number {
    return this.#samples.length;
  }

  get last(): Sample | undefined {
    return this.#samples.at(-1);
  }

  /** Adds what follows the last; says whether all samples were merged in pairs before. */
  add(piece: Sample): { readonly isThinned: boolean } {
    const { last } = this;
    if (last !== undefined && (piece.seconds <= leastSeconds || last.seconds + piece.seconds <= this.#length + slack)) {
      this.#samples[this.#samples.length - 1] = mergeSamples(last, piece);
      return { isThinned: false };
    }
    const isThinned = this.#samples.length === maxSamples;
    if (isThinned) this.#thin();
    this.#samples.push(piece);
    return { isThinned };
  }

  clear(): void {
    this.#samples = [];
    this.#length = 1;
  }

  #thin(): void {
    const thinned: Sample[] = [];
    for (let at = 0; at < this.#samples.length; at += 2) {
      const [a, b] = this.#samples.slice(at, at + 2);
      if (a !== undefined) thinned.push(b === undefined ? a : mergeSamples(a, b));
    }
    this.#samples = thinned;
    this.#length *= 2;
  }
}
