import assert from 'node:assert/strict';
import test from 'node:test';
import { Metrics, type Vitals } from '../../src/monitor/metrics.ts';
import { Stats } from '../../src/stats/stats.ts';
import { type Sample, samplesOf, valueIn } from './exposition.ts';

const vitals: Vitals = {
  state: 'running',
  users: new Map([
    ['Buyer', 3],
    ['Admin', 0],
  ]),
  heartbeatsSent: 7,
  heartbeatsReceived: 6,
  reconnects: 2,
  brokenMessages: 1,
  droppedMessages: 4,
};

function measured(record: (stats: Stats) => void): ReturnType<Stats['drain']> {
  const stats = new Stats();
  record(stats);
  return stats.drain();
}

const scrape = async (metrics: Metrics): Promise<readonly Sample[]> => samplesOf(await metrics.text());

test('requests and failures of all threads and intervals are added up by method and name', async () => {
  const metrics = new Metrics(() => vitals);
  metrics.add(
    0,
    measured((stats) => {
      stats.record('GET', '/', 10, 100);
      stats.record('GET', '/', 20, 100, 'broken');
      stats.record('POST', '/pay', 5, 7);
    }),
  );
  metrics.add(
    1,
    measured((stats) => stats.record('GET', '/', 30, 50)),
  );
  const found = await scrape(metrics);
  assert.equal(valueIn(found, 'katydid_requests_total', { method: 'GET', name: '/' }), 3);
  assert.equal(valueIn(found, 'katydid_requests_total'), 4);
  assert.equal(valueIn(found, 'katydid_failures_total'), 1);
  assert.equal(valueIn(found, 'katydid_response_bytes_total', { name: '/' }), 250);
});

test('response times are a histogram in seconds, with all requests that have a time', async () => {
  const metrics = new Metrics(() => vitals);
  metrics.add(
    0,
    measured((stats) => {
      for (const time of [1, 4, 90, 99_000]) stats.record('GET', '/', time, 0);
      stats.record('GET', '/', null, 0);
    }),
  );
  const found = await scrape(metrics);
  const name = 'katydid_response_time_seconds';
  assert.equal(valueIn(found, `${name}_count`), 4);
  assert.equal(valueIn(found, `${name}_sum`), 99.095);
  const bounds = ['0.001', '0.005', '0.1', '60', '+Inf'];
  assert.deepEqual(
    bounds.map((le) => valueIn(found, `${name}_bucket`, { le })),
    [1, 2, 3, 3, 4],
  );
});

test('a name with quotes, line breaks and backslashes is read as it is', async () => {
  const metrics = new Metrics(() => vitals);
  const name = 'say "hi"\nC:\\x';
  metrics.add(
    0,
    measured((stats) => stats.record('GET', name, 1, 0)),
  );
  const text = await metrics.text();
  assert.ok(
    text.includes('name="say \\"hi\\"\\nC:\\\\x"'),
    text.split('\n').find((line) => line.includes('say')),
  );
});

test('the second row of a scheduled arrival counts no request again', async () => {
  const metrics = new Metrics(() => vitals);
  metrics.add(
    0,
    measured((stats) => stats.record('GET', '/', 10, 0, undefined, undefined, 5)),
  );
  const found = await scrape(metrics);
  assert.equal(valueIn(found, 'katydid_requests_total'), 1);
  const counts = found.filter(({ name }) => name === 'katydid_response_time_seconds_count');
  assert.deepEqual(
    counts.map(({ labels }) => labels.name),
    ['/', '/ (response)'],
  );
});

test('users, state, heartbeats and troubles are those of the moment', async () => {
  const found = await scrape(new Metrics(() => vitals));
  assert.equal(valueIn(found, 'katydid_users', { user_class: 'Buyer' }), 3);
  assert.equal(valueIn(found, 'katydid_state', { state: 'running' }), 1);
  assert.equal(valueIn(found, 'katydid_state'), 1);
  assert.equal(valueIn(found, 'katydid_heartbeats_sent_total'), 7);
  assert.equal(valueIn(found, 'katydid_heartbeats_received_total'), 6);
  assert.equal(valueIn(found, 'katydid_reconnects_total'), 2);
  assert.equal(valueIn(found, 'katydid_broken_messages_total'), 1);
  assert.equal(valueIn(found, 'katydid_dropped_messages_total'), 4);
});

test('each thread has its own lag', async () => {
  const metrics = new Metrics(() => vitals);
  const nothing = measured(() => {});
  metrics.add(0, nothing, { busy: 0.25, lag: 3 });
  metrics.add(1, nothing, { busy: 1, lag: 2500 });
  const found = await scrape(metrics);
  assert.equal(valueIn(found, 'katydid_thread_lag_seconds', { thread: '1' }), 2.5);
  assert.equal(valueIn(found, 'katydid_thread_busy_ratio', { thread: '0' }), 0.25);
});

test('the process is shown as other programs show theirs', async () => {
  const found = await scrape(new Metrics(() => vitals));
  assert.ok(valueIn(found, 'process_resident_memory_bytes') > 1e6);
});
