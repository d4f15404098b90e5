// Snapshots as tests compare them: rows in a fixed order, maps as lists.
import type { EntrySnapshot, StatsSnapshot } from '../../src/stats/snapshot.ts';

const listOf = (map: ReadonlyMap<number, number>): readonly (readonly [number, number])[] =>
  [...map].sort(([a], [b]) => a - b);

/** An entry without regard to the order in its maps. */
export function plainEntry(entry: EntrySnapshot): object {
  return {
    ...entry,
    responseTimes: listOf(entry.responseTimes),
    requestsPerSecond: listOf(entry.requestsPerSecond),
    failuresPerSecond: listOf(entry.failuresPerSecond),
  };
}

const byText = (rows: readonly object[]): readonly object[] =>
  [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** A snapshot without regard to the order of its rows. */
export function plain(snapshot: StatsSnapshot): object {
  return {
    entries: byText(snapshot.entries.map(plainEntry)),
    total: plainEntry(snapshot.total),
    errors: byText(snapshot.errors),
  };
}
