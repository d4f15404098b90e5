import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StopUser } from '../../src/errors.ts';
import { ConnectRate } from '../../src/mqtt/connect-rate.ts';
import { Life } from '../../src/user/life.ts';
import { FakeBroker } from './fake-broker.ts';
import { makeClass, makeEnvironment } from './user-under-test.ts';

test('turns come evenly, the first one at once', async () => {
  const rate = new ConnectRate(100);
  const begun = performance.now();
  const times = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      await rate.turn(new Life());
      return performance.now() - begun;
    }),
  );
  for (const [at, time] of times.entries()) assert.ok(time >= at * 10 - 1.5, String(times));
});

test('nobody saves turns up', async () => {
  const rate = new ConnectRate(100);
  await rate.turn(new Life());
  await new Promise((resolve) => setTimeout(resolve, 45));
  const begun = performance.now();
  await Promise.all([1, 2, 3].map(() => rate.turn(new Life())));
  assert.ok(performance.now() - begun >= 18.5);
});

test('a stop ends the wait, and the queue is free for those who come later', async () => {
  const rate = new ConnectRate(0.1);
  const lives = Array.from({ length: 20 }, () => new Life());
  await rate.turn(new Life());
  const turns = lives.map((life) => rate.turn(life));
  for (const life of lives) life.stop();
  for (const turn of turns) await assert.rejects(turn, StopUser);
  // The next turn is 10 s from the first one, not 210.
  const life = new Life();
  let seconds = 0;
  life.wait = async (given) => {
    seconds = given;
  };
  await rate.turn(life);
  assert.ok(seconds > 9 && seconds <= 10, String(seconds));
});

test('connections of a class begin at its rate, shared among all threads', async (t) => {
  const broker = await FakeBroker.start(t);
  const environment = makeEnvironment();
  Object.assign(environment, { shard: { index: 0, count: 4 } });
  const userClass = makeClass({ host: broker.host, connectRate: 400 });
  const users = Array.from({ length: 6 }, () => new userClass(environment));
  t.after(() => {
    for (const user of users) user.life.end();
  });
  const begun = performance.now();
  const waited = await Promise.all(
    users.map(async (user) => {
      const { elapsed } = await user.client.connect();
      // The time in the queue is not that of the connect.
      return performance.now() - begun - elapsed;
    }),
  );
  for (const [at, milliseconds] of waited.entries()) assert.ok(milliseconds >= at * 10 - 2, String(waited));
});
