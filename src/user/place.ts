import type { Share } from './environment.ts';

/** Where user code runs. */
export interface Place {
  readonly kind: 'worker' | 'local';
  /** Which load thread of its worker this is. */
  readonly thread: Share;
  /** Which part of all threads of all workers. */
  readonly shard: Share;
  /** Where the user files lie, for what they name beside them. */
  readonly folders: readonly string[];
}

const nowhere: Place = { kind: 'local', thread: { index: 0, count: 1 }, shard: { index: 0, count: 1 }, folders: [] };

let current = nowhere;

/** The place of this load thread; outside of one, as in a test, the only thread there is. */
export function placeOf(): Place {
  return current;
}

/** Told by the load thread before it evaluates the user files, so that their first line can ask. */
export function setPlace(place: Place = nowhere): void {
  current = place;
}
