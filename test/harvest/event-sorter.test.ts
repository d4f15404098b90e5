import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventSorter } from '../../src/harvest/event-sorter.ts';
import { temporaryFolder } from '../report/temporary-folder.ts';

type Row = readonly [kind: number, device: string, number: number, time: number, took: number];

const row: fc.Arbitrary<Row> = fc.tuple(
  fc.nat(5),
  // as the bytes of a log: each one a letter
  fc.constantFrom('b', 'a', 'LTK2', 'LTK10', '\u00c3\u00a4'),
  fc.oneof(fc.nat(3), fc.constant(999_999_999_999_999)),
  fc.oneof(fc.nat(3), fc.constant(1_795_276_800_123_456)),
  fc.nat(1),
);

const decoded = ([kind, device, ...rest]: Row): Row => [kind, Buffer.from(device, 'latin1').toString(), ...rest];

function inOrder(rows: readonly Row[]): Row[] {
  const unique = new Map(rows.map(decoded).map((each) => [JSON.stringify(each), each]));
  return [...unique.values()].sort(
    ([kind, device, number, time, took], [kind2, device2, number2, time2, took2]) =>
      (device < device2 ? -1 : device > device2 ? 1 : 0) ||
      number - number2 ||
      time - time2 ||
      kind - kind2 ||
      took - took2,
  );
}

test('events come out in order and once, however many fit into memory', async (t) => {
  const folder = await temporaryFolder(t);
  fc.assert(
    fc.property(fc.array(row, { maxLength: 80 }), fc.constantFrom(1, 2, 7, 100), (rows, inMemory) => {
      const sorter = new EventSorter(join(folder, 'events'), inMemory);
      const out: Row[] = [];
      for (const each of rows) sorter.add(...each);
      const repeated = sorter.drain({ add: (...each) => out.push(each) });
      sorter.close();
      assert.deepEqual(out, inOrder(rows));
      assert.equal(repeated, rows.length - out.length);
    }),
  );
});

test('a piece larger than what is merged at once is read in parts', async (t) => {
  const sorter = new EventSorter(join(await temporaryFolder(t), 'events'), 50_000);
  const count = 600_000;
  for (let at = 0; at < count; at++) sorter.add(0, 'd', (at * 7919) % count, 0, 0);
  let next = 0;
  sorter.drain({ add: (_, __, number) => assert.equal(number, next++) });
  sorter.close();
  assert.equal(next, count);
});

test('its file has no name, so that nothing of it is left, whatever ends the program', async (t) => {
  const folder = await temporaryFolder(t);
  const sorter = new EventSorter(join(folder, 'events'), 2);
  for (let at = 0; at < 9; at++) sorter.add(0, 'd', at, 0, 0);
  assert.deepEqual(await readdir(folder), []);
  sorter.close();
});

test('it knows which kinds there are', async (t) => {
  const sorter = new EventSorter(join(await temporaryFolder(t), 'events'));
  sorter.add(1, 'd', 1, 1, 1);
  assert.deepEqual([sorter.has('echoed'), sorter.has('publishing')], [true, false]);
});
