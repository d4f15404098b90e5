import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setLogSink } from '../../src/log.ts';
import { Outages } from '../../src/mqtt/outages.ts';
import { until } from '../e2e/until.ts';
import { FakeBroker } from './fake-broker.ts';
import { makeClass, userOf } from './user-under-test.ts';

function said(t: TestContext): string[] {
  const lines: string[] = [];
  setLogSink(({ level, text }) => lines.push(`${level} ${text}`));
  t.after(() => setLogSink(() => {}));
  return lines;
}

test('all that are lost and come back meanwhile are one line', async (t) => {
  const lines = said(t);
  const outages = new Outages(20);
  const [one, two, three] = [{}, {}, {}];
  for (const each of [one, two, three]) outages.lost(each, 'mqtt://broker:1883', 'Connection reset by peer');
  outages.isBack(one);
  assert.deepEqual(lines, []);
  await until('it is told', () => lines.length > 0, { every: 0.005 });
  outages.isBack(two);
  outages.isBack(three);
  await until('they are back', () => lines.length > 1, { every: 0.005 });
  assert.deepEqual(lines, [
    'WARNING mqtt://broker:1883: 3 users lost the connection: Connection reset by peer; 1 user connected again',
    'WARNING mqtt://broker:1883: 2 users connected again',
  ]);
});

test('who has lost none is not told of', async (t) => {
  const lines = said(t);
  const outages = new Outages(5);
  const one = {};
  outages.isBack(one);
  outages.lost({}, 'mqtt://broker:1883', 'closed by the broker');
  await until('it is told', () => lines.length > 0, { every: 0.005 });
  assert.deepEqual(lines, ['WARNING mqtt://broker:1883: 1 user lost the connection: closed by the broker']);
});

test('users whose broker cuts them off are told of, and when they are back; who ends is not', async (t) => {
  const lines = said(t);
  const broker = await FakeBroker.start(t);
  const userClass = makeClass({ host: broker.host, reconnect: { first: 0.01, max: 0.02 } });
  const users = [1, 2, 3].map(() => userOf(t, userClass));
  await Promise.all(users.map(({ client }) => client.connect()));
  await users[2]?.client.disconnect();
  broker.cut();
  await until('they are back', () => lines.join().includes('again'), { every: 0.02 });
  assert.match(lines.join(), /^WARNING mqtt:.*: 2 users lost the connection: Connection reset by peer\b/);
  assert.match(lines.join(), /\b2 users connected again$/);
});
