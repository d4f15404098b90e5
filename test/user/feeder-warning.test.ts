// Said once in a process, so each of these has a copy of the module for itself.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setLogSink } from '../../src/log.ts';
import { Life } from '../../src/user/life.ts';
import { atPlace, type PlaceOptions } from './at-place.ts';

let copies = 0;

async function warnings(t: TestContext, place: PlaceOptions, unique = true): Promise<string[]> {
  const lines: string[] = [];
  setLogSink(({ level, text }) => level === 'WARNING' && lines.push(text));
  atPlace(t, place);
  const { feeder } = (await import(
    `../../src/user/feeder.ts?${copies++}`
  )) as typeof import('../../src/user/feeder.ts');
  const [first, second] = [feeder(['a', 'b'], { unique }), feeder(['a', 'b'], { unique })];
  for (const each of [first, second]) each.take({ life: new Life() });
  return lines;
}

test('a worker that was not told its part says once what to do', async (t) => {
  const lines = await warnings(t, { origin: 'assumed' });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /not told which part .* --shard 0\/4 … 3\/4 \(KATYDID_SHARD\), or KATYDID_SHARDS=4/);
});

test('one that was told does not', async (t) => {
  assert.deepEqual(await warnings(t, {}), []);
});

test('a run without a master does not', async (t) => {
  assert.deepEqual(await warnings(t, { origin: 'assumed', kind: 'local' }), []);
});

test('of several threads the first says it', async (t) => {
  assert.deepEqual(await warnings(t, { origin: 'assumed', thread: [1, 2] }), []);
});

test('rows that several users may have need no part', async (t) => {
  assert.deepEqual(await warnings(t, { origin: 'assumed' }, false), []);
});
