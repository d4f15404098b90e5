import type { Chance } from './chance.ts';
import { Sample } from './sample.ts';

/** The keys of a query that are many different ones: it is kept as a whole. */
export const anyQuery = '*';

/** The requests that will be one task: a method, a path with places for values, the keys of a query. */
export class Endpoint {
  readonly id: number;
  readonly method: string;
  /** Of the query, sorted, with `&` between; or `anyQuery`. */
  readonly keys: string;
  /** Of `anyQuery`: there were too many sets of keys, it stands for all of them. */
  isForAll = false;
  hits = 0;
  /** How many answers were 1xx, 2xx and so on, by the first digit; 0 for unknown. */
  readonly statuses: number[] = [0, 0, 0, 0, 0, 0];
  /** How many were "not found". */
  missing = 0;
  /** Sum of the times that requests took, ms. */
  took = 0;
  /** Path and query of those that were found. */
  readonly sample: Sample;
  #mergedInto: Endpoint | undefined;

  constructor(id: number, method: string, keys: string, limit: number, chance: Chance) {
    this.id = id;
    this.method = method;
    this.keys = keys;
    this.sample = new Sample(limit, chance);
  }

  /** Itself, or the one that it has become part of. */
  get whole(): Endpoint {
    if (this.#mergedInto === undefined) return this;
    this.#mergedInto = this.#mergedInto.whole;
    return this.#mergedInto;
  }

  add(status: number, target: string, took: number): void {
    this.hits++;
    this.took += took;
    const first = Math.floor(status / 100);
    const group = first >= 1 && first <= 5 ? first : 0;
    this.statuses[group] = (this.statuses[group] ?? 0) + 1;
    if (isMissing(status)) this.missing++;
    else this.sample.add(target);
  }

  /** Makes the other one a part of this one. */
  take(other: Endpoint): void {
    other.#mergedInto = this;
    this.isForAll ||= other.isForAll;
    this.hits += other.hits;
    this.took += other.took;
    this.missing += other.missing;
    for (const [group, count] of other.statuses.entries()) this.statuses[group] = (this.statuses[group] ?? 0) + count;
    this.sample.take(other.sample);
  }
}

/** Whether an answer says that there is nothing at this path. */
export function isMissing(status: number): boolean {
  return status === 404 || status === 410;
}
