import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Target } from '../grpc/target.ts';
import { findLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { troubleIn } from './master.ts';
import { Scene } from './scene.ts';
import { until } from './until.ts';
import { rowsOf } from './web-api.ts';

const users = fileURLToPath(new URL('../../users/grpc.ts', import.meta.url));
const path = (method: string): string => `/text.v1.Classifier/${method}`;

test('gRPC users under a master: each call is counted once, by its method', { timeout: 120_000 }, async (t) => {
  const locust = await need(t, () => findLocust('2.47.0'));
  if (!locust) return;
  const asked = new Map<string, number>();
  const count = (method: string): void => void asked.set(path(method), (asked.get(path(method)) ?? 0) + 1);
  const target = await Target.start(t, {
    predict(call, answer) {
      count('Predict');
      answer(null, { category: call.request.text.length });
    },
    predictAll(call, answer) {
      count('PredictAll');
      let texts = 0;
      call.on('data', () => texts++);
      call.on('end', () => answer(null, { texts, counts: {} }));
    },
    predictWords(call) {
      count('PredictWords');
      for (const word of call.request.text.split(' ')) call.write({ word, category: 1 });
      call.end();
    },
    predictEach(call) {
      count('PredictEach');
      call.on('data', () => call.write({ category: 2 }));
      call.on('end', () => call.end());
    },
  });
  const scene = await Scene.open(t, locust, { users, workers: 2 });
  const { web } = scene.master;
  const total = (): number => [...asked.values()].reduce((sum, one) => sum + one, 0);

  await scene.run(20, { host: `http://${target.host}` });
  await until('all methods are called', () => asked.size === 4 && total() > 150, { limit: 60 });

  await t.test('each user has a connection of its own', () => {
    assert.equal(target.connections, 20);
  });

  await web.stop();
  await scene.ready();
  const statistics = await web.settledStatistics();

  await t.test('the counts of the master are those of the server', () => {
    const rows = rowsOf(statistics).map(({ method, name, num_requests: requests }) => [method, name, requests]);
    const expected = [...asked].map(([name, requests]) => ['grpc', name, requests]);
    assert.deepEqual(rows.sort(), expected.sort());
    assert.deepEqual(statistics.errors, []);
  });
  await t.test('the connections end with the users', async () => {
    await target.untilOpen(0);
  });

  await t.test('without a server all calls fail, as one row a method', async () => {
    target.kill();
    await scene.run(5, { host: target.host });
    const now = await web.until('they fail', ({ errors }) => errors.length > 0);
    assert.match(now.errors[0]?.error ?? '', /^UNAVAILABLE: No connection established\. .*ECONNREFUSED …$/);
    await web.stop();
    await scene.ready();
    const { errors } = await web.settledStatistics();
    const names = errors.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(await web.exceptions(), []);
  });
  await t.test('the master had no trouble with them', () => {
    assert.deepEqual(troubleIn(scene.master.child.output), []);
  });
});
