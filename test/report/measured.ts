// Statistics made of single requests, as the tests of the reports need them.
import { bucketOf } from '../../src/stats/bucket.ts';
import { type EntrySnapshot, emptyEntry, type StatsSnapshot } from '../../src/stats/snapshot.ts';
import { mergeEntries, totalOf } from '../../src/stats/sum.ts';

/** One request; `time` in ms, null if it had none. */
export interface Shot {
  readonly method: string;
  readonly name: string;
  readonly time: number | null;
  readonly failed: boolean;
}

/** What a run of these requests has measured. */
export function measured(shots: readonly Shot[]): StatsSnapshot {
  const rows = new Map<string, EntrySnapshot>();
  for (const shot of shots) {
    const key = `${shot.method}\n${shot.name}`;
    const row = rows.get(key);
    rows.set(key, row === undefined ? entryOf(shot) : mergeEntries(row, entryOf(shot)));
  }
  const entries = [...rows.values()];
  return { entries, total: totalOf(entries, 0), errors: [] };
}

function entryOf({ method, name, time, failed }: Shot): EntrySnapshot {
  return {
    ...emptyEntry(method, name, 0),
    numRequests: 1,
    numNoneRequests: time === null ? 1 : 0,
    numFailures: failed ? 1 : 0,
    totalResponseTime: time ?? 0,
    maxResponseTime: time ?? 0,
    minResponseTime: time,
    responseTimes: new Map(time === null ? [] : [[bucketOf(time), 1]]),
  };
}

/** Requests that went well, each with its own time in ms. */
export function shots(method: string, name: string, ...times: readonly number[]): Shot[] {
  return times.map((time) => ({ method, name, time, failed: false }));
}
