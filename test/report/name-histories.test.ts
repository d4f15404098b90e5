import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameHistories } from '../../src/report/name-histories.ts';
import { Row } from '../../src/report/row.ts';
import { type EntrySnapshot, emptyEntry } from '../../src/stats/snapshot.ts';

/** So many names, the first the busiest. */
function measuredOf(names: number): readonly (readonly [Row, EntrySnapshot])[] {
  return Array.from({ length: names }, (_, at) => {
    const entry = { ...emptyEntry('GET', `/${at}`, 0), numRequests: names - at };
    return [Row.of(entry), entry] as const;
  });
}

test('of more names than there is room for the busiest keep a history', () => {
  const histories = new NameHistories();
  const measured = measuredOf(17_000);
  const rows = measured.map(([row]) => row);
  histories.add(0, measured);
  const kept = histories.toHistories(rows, []).map(({ name }) => name);
  assert.ok(kept.length > 10_000 && kept.length <= 16_000, String(kept.length));
  assert.deepEqual(
    kept,
    rows.slice(0, kept.length).map(({ name }) => name),
  );
});

test('a thousand names keep theirs in a run of any length', () => {
  const histories = new NameHistories();
  const measured = measuredOf(1000);
  histories.add(1999, measured);
  const rows = measured.map(([row]) => row);
  assert.equal(histories.toHistories(rows, []).length, 1000);
});

test('a history that was lost does not begin again', () => {
  const histories = new NameHistories();
  const measured = measuredOf(17_000);
  const rows = measured.map(([row]) => row);
  histories.add(0, measured);
  const kept = histories.toHistories(rows, []).length;
  histories.add(1, measured.slice(-10));
  assert.equal(histories.toHistories(rows, []).length, kept);
});
