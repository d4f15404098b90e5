import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LogRecord, setLogSink } from '../../src/log.ts';
import { Watch } from '../../src/runner/watch.ts';
import { PoolWithoutThreads } from './pool-without-threads.ts';

const saturated = /^the load generator is the bottleneck/;

/** A watch that has looked so many times at threads that never rest. */
function watchBusy(times: number, hasUsers = true): { remarks: string[]; pool: PoolWithoutThreads; log: LogRecord[] } {
  const [remarks, log]: [string[], LogRecord[]] = [[], []];
  setLogSink((record) => log.push(record));
  const pool = new PoolWithoutThreads();
  pool.strain = { busy: 1, lag: 40 };
  const watch = new Watch(pool, 1, (text) => remarks.push(text));
  for (let time = 0; time < times; time++) watch.look(hasUsers);
  return { remarks, pool, log };
}

test('a generator that is the bottleneck is a remark on the run, and logged, once', () => {
  const { remarks, log } = watchBusy(12);
  assert.equal(remarks.filter((text) => saturated.test(text)).length, 1);
  assert.equal(log.filter(({ text }) => saturated.test(text)).length, 1);
});

test('without users a busy thread is no bottleneck', () => {
  assert.deepEqual(
    watchBusy(12, false).remarks.filter((text) => saturated.test(text)),
    [],
  );
});

test('listeners hear of the usage every tenth second', () => {
  const told = ({ pool }: { pool: PoolWithoutThreads }): number =>
    pool.notices.filter(({ name }) => name === 'usageMonitor').length;
  assert.deepEqual([told(watchBusy(9)), told(watchBusy(10)), told(watchBusy(20))], [0, 1, 2]);
});
