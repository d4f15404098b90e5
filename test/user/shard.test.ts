import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shard } from '../../src/user/shard.ts';
import { atPlace } from './at-place.ts';

const list = fc.nat(300).map((length) => Array.from({ length }, (_, at) => at));
const count = fc.integer({ min: 1, max: 12 });
const noContext = { after: (): void => {} };

/** The parts of all threads, by worker. */
const parts = (all: readonly number[], workers: number, threads: number): number[][][] =>
  Array.from({ length: workers }, (_, worker) =>
    Array.from({ length: threads }, (_, thread) => {
      atPlace(noContext, { worker: [worker, workers], thread: [thread, threads] });
      return shard(all);
    }),
  );

test('over all threads of all workers each element is dealt exactly once, in order', (t) => {
  atPlace(t, {});
  fc.assert(
    fc.property(list, count, count, (all, workers, threads) =>
      assert.deepEqual(parts(all, workers, threads).flat(2), all),
    ),
  );
});

test('no worker has two more than another, however many threads they have', (t) => {
  atPlace(t, {});
  fc.assert(
    fc.property(list, count, count, (all, workers, threads) => {
      const sizes = parts(all, workers, threads).map((worker) => worker.flat().length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }),
  );
});

test('no thread has two more than another of its worker', (t) => {
  atPlace(t, {});
  fc.assert(
    fc.property(list, count, count, (all, workers, threads) => {
      for (const worker of parts(all, workers, threads)) {
        const sizes = worker.map(({ length }) => length);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
      }
    }),
  );
});

test('a worker has the same part with one thread and with several', (t) => {
  atPlace(t, {});
  fc.assert(
    fc.property(list, count, count, (all, workers, threads) =>
      assert.deepEqual(
        parts(all, workers, threads).map((worker) => worker.flat()),
        parts(all, workers, 1).map((worker) => worker.flat()),
      ),
    ),
  );
});

test('100 elements over 2 workers of 3 threads are 50 each, as Locust deals 100 users', (t) => {
  atPlace(t, {});
  const all = Array.from({ length: 100 }, (_, at) => at);
  const sizes = parts(all, 2, 3).map((worker) => worker.map(({ length }) => length));
  assert.deepEqual(sizes, [
    [17, 17, 16],
    [17, 17, 16],
  ]);
});

test('outside of a load thread it is the whole list, as a list of its own', () => {
  const all = [1, 2, 3];
  assert.deepEqual(shard(all), all);
  assert.notEqual(shard(all), all);
});

test('pods have their parts by ordinal, as large as Locust deals users to them', (t) => {
  const all = Array.from({ length: 12 + 2 }, (_, at) => at);
  atPlace(t, { worker: [10, 12], origin: 'ordinal' });
  assert.deepEqual(shard(all), [11, 12]);
});
