import { bucketOf, fineBucketOf, type Precision } from './bucket.ts';

/** Buckets up to here are counted in a flat array by their rank; slower answers are rare and go into a map. */
const slowest = 60_000;

/** Counts of response times by bucket. Adding is an array increment: this is the hot path. */
export class Histogram {
  readonly #isFine: boolean;
  readonly #counts: Uint32Array;
  readonly #slow = new Map<number, number>();

  constructor(precision: Precision = 2) {
    this.#isFine = precision === 3;
    this.#counts = new Uint32Array((this.#isFine ? fineRankOf(slowest) : rankOf(slowest)) + 1);
  }

  add(milliseconds: number): void {
    if (this.#isFine) {
      this.#addFine(milliseconds);
      return;
    }
    const bucket = bucketOf(milliseconds);
    if (bucket <= slowest) this.#count(rankOf(bucket));
    else this.#countSlow(bucket);
  }

  #addFine(milliseconds: number): void {
    const bucket = fineBucketOf(milliseconds);
    if (bucket <= slowest) this.#count(fineRankOf(bucket));
    else this.#countSlow(bucket);
  }

  #count(rank: number): void {
    this.#counts[rank] = (this.#counts[rank] ?? 0) + 1;
  }

  #countSlow(bucket: number): void {
    this.#slow.set(bucket, (this.#slow.get(bucket) ?? 0) + 1);
  }

  /** Bucket in ms → count, ascending; only what was counted. */
  toMap(): Map<number, number> {
    const map = new Map<number, number>();
    const { length } = this.#counts;
    for (let rank = 0; rank < length; rank++) {
      const count = this.#counts[rank];
      if (count) map.set(this.#isFine ? fineBucketAt(rank) : bucketAt(rank), count);
    }
    for (const [bucket, count] of [...this.#slow].sort(([a], [b]) => a - b)) map.set(bucket, count);
    return map;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#slow.clear();
  }
}

/** 0…100 by one, 110…1000 by ten, 1100…10,000 by a hundred, then by a thousand: each bucket has one rank. */
function rankOf(bucket: number): number {
  if (bucket <= 100) return bucket;
  if (bucket <= 1000) return 90 + bucket / 10;
  if (bucket <= 10_000) return 180 + bucket / 100;
  return 270 + bucket / 1000;
}

function bucketAt(rank: number): number {
  if (rank <= 100) return rank;
  if (rank <= 190) return (rank - 90) * 10;
  if (rank <= 280) return (rank - 180) * 100;
  return (rank - 270) * 1000;
}

/** 0…100 by a tenth, 101…1000 by one, 1010…10,000 by ten, then by a hundred. */
function fineRankOf(bucket: number): number {
  if (bucket <= 100) return Math.round(bucket * 10);
  if (bucket <= 1000) return 900 + bucket;
  if (bucket <= 10_000) return 1800 + bucket / 10;
  return 2700 + bucket / 100;
}

function fineBucketAt(rank: number): number {
  if (rank <= 1000) return rank / 10;
  if (rank <= 1900) return rank - 900;
  if (rank <= 2800) return (rank - 1800) * 10;
  return (rank - 2700) * 100;
}
