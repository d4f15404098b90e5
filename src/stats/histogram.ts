import { bucketOf } from './bucket.ts';

/** Buckets up to here are counted in a flat array by their rank; slower answers are rare and go into a map. */
const slowest = 60_000;
const ranks = rankOf(slowest) + 1;

/** Counts of response times by bucket. Adding is an array increment: this is the hot path. */
export class Histogram {
  readonly #counts = new Uint32Array(ranks);
  readonly #slow = new Map<number, number>();

  add(milliseconds: number): void {
    const bucket = bucketOf(milliseconds);
    if (bucket <= slowest) {
      const rank = rankOf(bucket);
      this.#counts[rank] = (this.#counts[rank] ?? 0) + 1;
    } else {
      this.#slow.set(bucket, (this.#slow.get(bucket) ?? 0) + 1);
    }
  }

  /** Bucket in ms → count, ascending; only what was counted. */
  toMap(): Map<number, number> {
    const map = new Map<number, number>();
    for (let rank = 0; rank < ranks; rank++) {
      const count = this.#counts[rank];
      if (count) map.set(bucketAt(rank), count);
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
