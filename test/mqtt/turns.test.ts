import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { Turns } from '../../src/mqtt/turns.ts';
import { FakeBroker } from './fake-broker.ts';
import { makeClass, makeEnvironment, userOf } from './user-under-test.ts';

/** Who has had its turn. */
function crowd(turns: Turns, names: readonly string[]): string[] {
  const gone: string[] = [];
  for (const name of names) void turns.next().then(() => gone.push(name));
  return gone;
}

test('the first one goes on at once, the others in their order, one each turn of the event loop', async () => {
  const gone = crowd(new Turns(), ['a', 'b', 'c']);
  await Promise.resolve();
  assert.deepEqual(gone, ['a']);
  await turnOfLoop();
  assert.deepEqual(gone, ['a', 'b']);
  await turnOfLoop();
  assert.deepEqual(gone, ['a', 'b', 'c']);
});

test('when nobody waits any more, the next one goes on at once again', async () => {
  const turns = new Turns();
  crowd(turns, ['a', 'b']);
  for (let turn = 0; turn < 3; turn++) await turnOfLoop();
  const gone = crowd(turns, ['c']);
  await Promise.resolve();
  assert.deepEqual(gone, ['c']);
});

test('of devices that begin together the first are at the broker before the last have logged in', async (t) => {
  const seen: string[] = [];
  const broker = await FakeBroker.start(t, ({ cmd }) => {
    if (cmd === 'connect') seen.push('CONNECT');
    return false;
  });
  class Device extends makeClass({ host: `mqtt://127.0.0.1:${broker.port}`, reconnect: false }) {
    override get username(): string {
      seen.push('login');
      return 'device';
    }
  }
  const environment = makeEnvironment();
  const users = Array.from({ length: 100 }, () => userOf(t, Device, environment));
  const responses = await Promise.all(users.map(({ client }) => client.connect()));
  assert.ok(responses.every(({ ok }) => ok));
  assert.ok(seen.indexOf('CONNECT') < 50, `${seen.indexOf('CONNECT')} logins came before the first CONNECT`);
});
