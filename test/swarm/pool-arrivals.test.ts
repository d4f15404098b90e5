import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPool } from './pool-under-test.ts';

const users = `import { events, scheduled, User } from 'katydid';
export class Planned extends User {
  static arrivals = scheduled(100, { maxConcurrent: 5 });
  static tasks = { tell: 1 };
  onStart() { events.request.fire({ requestType: 'TOLD', name: 'start', responseTime: 1, responseLength: 0 }); }
  async tell() {
    await this.sleep(0.005);
    events.request.fire({ requestType: 'TOLD', name: 'here', responseTime: 12.34, responseLength: 0 });
  }
}`;

test('users with arrivals run in a thread, a request that they tell of has a response time, and stop ends all', async (t) => {
  const { pool, resize, measured, heard } = await startPool(t, users, { precision: 3 });
  await resize({ Planned: 2 });
  const { entries, total } = await measured(({ total }) => total.numRequests > 20);
  const [start, here, response] = ['start', 'here', 'here (response)'].map((name) =>
    entries.find((entry) => entry.name === name),
  );
  assert.equal(entries.length, 3);
  assert.equal(start?.numRequests, 2);
  assert.equal(here?.numRequests, response?.numRequests);
  assert.equal(total.numRequests, 2 + (here?.numRequests ?? 0));
  assert.deepEqual([...(here?.responseTimes.keys() ?? [])], [12.3]);
  assert.ok((response?.totalResponseTime ?? 0) >= (here?.totalResponseTime ?? 0));
  await pool.stop(1);
  assert.equal(pool.counts().get('Planned'), 0);
  assert.deepEqual([heard.exceptions, heard.texts('ERROR')], [[], []]);
});

test('fewer users are wanted: the surplus ends, the others go on', async (t) => {
  const { pool, resize, measured } = await startPool(t, users);
  await resize({ Planned: 3 });
  await resize({ Planned: 1 }, { stopTimeout: 1 }, false);
  assert.equal(pool.counts().get('Planned'), 1);
  pool.takeStats();
  const { total } = await measured(({ total }) => total.numRequests > 5);
  assert.equal(total.numFailures, 0);
});
