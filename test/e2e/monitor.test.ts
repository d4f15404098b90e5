import assert from 'node:assert/strict';
import test from 'node:test';
import { valueIn } from '../monitor/exposition.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { findPrometheus } from '../tools/prometheus.ts';
import { freePort } from './free-port.ts';
import { Master } from './master.ts';
import { Target } from './target.ts';
import { until } from './until.ts';
import { readyOf, totalOf } from './web-api.ts';
import { startWorker, userFile } from './worker.ts';

const users = userFile('shop.ts');

test('probes and metrics of a worker, from before its master to after it', { timeout: 120_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  const read = await need(t, findPrometheus);
  if (!locust || !read) return;
  const target = await Target.start();
  t.after(() => target.close());
  const masterPort = await freePort();
  const health = await freePort();
  const status = (path: string): Promise<number> =>
    fetch(`http://127.0.0.1:${health}${path}`).then(
      (response) => response.status,
      () => 0,
    );
  const scrape = async (): ReturnType<typeof read> =>
    read(await (await fetch(`http://127.0.0.1:${health}/metrics`)).text());
  const args = ['--health-port', String(health), '--log-format', 'json'];
  const worker = startWorker({ port: masterPort } as Master, { users, args });
  t.after(() => worker.end());

  await until('it is alive', async () => (await status('/healthz')) === 200, { limit: 20 });
  assert.equal(await status('/readyz'), 503, 'no master has taken it yet');

  // Nothing is cut in flight, so that all counts are the same.
  const master = await Master.start(locust, { users, port: masterPort, args: ['--stop-timeout', '5'] });
  t.after(() => master.end());
  await until('the master has taken it', async () => readyOf(await master.web.statistics()) === 1, { limit: 30 });
  assert.equal(await status('/readyz'), 200);

  await master.web.swarm(6, 6, { host: target.url, user_classes: ['BrowserUser'] });
  await until('requests came', () => target.asked > 60, { limit: 30 });
  const running = await scrape();
  assert.equal(valueIn(running, 'katydid_users', { user_class: 'BrowserUser' }), 6);
  assert.equal(valueIn(running, 'katydid_state', { state: 'running' }), 1);
  assert.equal(running.filter(({ name }) => name === 'katydid_thread_lag_seconds').length, 2);
  await master.web.stop();
  const total = totalOf(await master.web.settledStatistics());
  const after = await scrape();
  assert.equal(valueIn(after, 'katydid_requests_total'), total, 'the worker and its master count the same');
  assert.equal(total, target.asked);
  assert.equal(valueIn(after, 'katydid_response_time_seconds_count'), total);
  assert.ok(valueIn(after, 'katydid_heartbeats_sent_total') > 0);

  await master.end('SIGKILL');
  await until('the lost master is noticed', async () => (await status('/readyz')) === 503, { limit: 30 });
  assert.equal(await status('/healthz'), 200, 'it lives on, and waits');
  const logged = worker.output
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  assert.ok(logged.length > 3, worker.output);
  for (const line of logged) assert.equal(typeof (JSON.parse(line) as { msg: unknown }).msg, 'string', line);
});
