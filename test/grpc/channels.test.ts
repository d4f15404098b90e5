import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelPolicy } from '../../src/grpc/channels.ts';
import type { GrpcUser } from '../../src/grpc/grpc-user.ts';
import { type Classifier, Target } from './target.ts';
import { counted, makeClass, makeEnvironment, makeUser, userOf } from './user-under-test.ts';

const policies: readonly [policy: ChannelPolicy, users: number, connections: number][] = [
  ['per-user', 6, 6],
  ['shared', 6, 1],
  [{ pool: 3 }, 6, 3],
  [{ pool: 3 }, 2, 2],
];
for (const [channel, count, connections] of policies) {
  test(`${JSON.stringify(channel)}: ${count} users have ${connections} connection(s), which end with the last user`, async (t) => {
    const target = await Target.start(t);
    const userClass = makeClass({ host: target.host, channel });
    const users = Array.from({ length: count }, () => userOf(t, userClass));
    for (let i = 0; i < 3; i++) await Promise.all(users.map(({ client }) => client.predict({ text: 'a' })));
    assert.equal(target.connections, connections);
    const [last, ...others] = users;
    for (const user of others) user.life.end();
    await target.untilOpen(1);
    assert.equal((await last?.client.predict({ text: 'a' }))?.status, 'OK');
    assert.equal(target.connections, connections);
    last?.life.end();
    await target.untilOpen(0);
  });
}

test('users of a pool are dealt out evenly', async (t) => {
  const peers = new Map<string, number>();
  const target = await Target.start(t, {
    predict(call, answer) {
      peers.set(call.getPeer(), (peers.get(call.getPeer()) ?? 0) + 1);
      answer(null, { category: 0 });
    },
  });
  const userClass = makeClass({ host: target.host, channel: { pool: 4 } });
  const users = Array.from({ length: 8 }, () => userOf(t, userClass));
  for (const { client } of users) await client.predict({ text: '' });
  assert.deepEqual([...peers.values()], [2, 2, 2, 2]);
});

test('a user of a shared channel who ends does no harm to the calls of others', async (t) => {
  let answerAll: () => void = () => {};
  const waiting = new Promise<void>((resolve) => {
    answerAll = resolve;
  });
  const target = await Target.start(t, {
    predict: (_call, answer) => void waiting.then(() => answer(null, { category: 1 })),
  });
  const userClass = makeClass({ host: target.host, channel: 'shared' });
  const [one, other] = [userOf(t, userClass), userOf(t, userClass)];
  const ended = one.client.predict({ text: '' }).catch((thrown: Error) => thrown.constructor.name);
  const answer = other.client.predict({ text: '' });
  await target.untilOpen(1);
  one.life.abort();
  assert.equal(await ended, 'StopUser');
  answerAll();
  assert.equal((await answer).status, 'OK');
});

test('1,000 users have a channel each', { timeout: 60_000 }, async (t) => {
  const target = await Target.start(t);
  const environment = makeEnvironment();
  const userClass = makeClass({ host: target.host });
  const users = Array.from({ length: 1000 }, () => userOf(t, userClass, environment));
  const answers = await Promise.all(users.map(({ client }) => client.predict({ text: 'a' })));
  assert.ok(answers.every(({ status }) => status === 'OK'));
  assert.deepEqual([target.connections, target.openConnections], [1000, 1000]);
  await Promise.all(users.map(({ client }) => client.predict({ text: 'a' })));
  const [user] = users;
  assert.equal(user && counted(user).entries[0]?.numRequests, 2000);
  assert.equal(target.connections, 1000);
  for (const each of users) each.life.end();
  await target.untilOpen(0);
});

test('a list of addresses is called in turn; pick-first is the other choice', async (t) => {
  const calls = [0, 0];
  const targets = await Promise.all(
    calls.map((_, at) =>
      Target.start(t, {
        predict(_call, answer) {
          calls[at] = (calls[at] ?? 0) + 1;
          answer(null, { category: 0 });
        },
      }),
    ),
  );
  const host = `ipv4:${targets.map((target) => target.host).join(',')}`;
  const spread = makeUser(t, { host });
  // Until both are connected, all calls go to the one that is.
  for (const target of targets) {
    while (target.openConnections === 0) await spread.client.predict({ text: '' });
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  calls.fill(0);
  for (let i = 0; i < 10; i++) await spread.client.predict({ text: '' });
  assert.deepEqual(calls, [5, 5]);
  const first = makeUser(t, { host, roundRobin: false });
  calls.fill(0);
  for (let i = 0; i < 10; i++) await first.client.predict({ text: '' });
  assert.ok(calls.includes(10), `${calls}`);
});

test('dns:/// is resolved, and calls go round robin', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: `dns:///localhost:${target.port}` });
  assert.equal((await user.client.predict({ text: 'a' })).status, 'OK');
});

test('the host of the test wins over that of the class when the first call is made', async (t) => {
  const target = await Target.start(t);
  const userClass = makeClass({ host: 'nobody.invalid:1' });
  userClass.host = `http://${target.host}/`;
  assert.equal((await userOf(t, userClass).client.predict({ text: '' })).status, 'OK');
});

test('gzip compresses requests; a compressed response is counted as what it holds', async (t) => {
  const encodings: unknown[] = [];
  let bytes = 0;
  const target = await Target.start(
    t,
    {
      predict(call, answer) {
        encodings.push(call.metadata.get('grpc-encoding')[0]);
        answer(null, { category: call.request.text.length });
      },
      predictWords(call) {
        call.write({ word: 'y'.repeat(100_000), category: 0 });
        call.end();
      },
    },
    { options: { 'grpc.default_compression_algorithm': 2 } },
  );
  const read = (): number => target.sockets.reduce((sum, socket) => sum + socket.bytesRead, 0);
  const user = makeUser(t, { host: target.host, gzip: true });
  assert.equal((await user.client.predict({ text: 'x'.repeat(100_000) })).response?.category, 100_000);
  bytes = read();
  assert.ok(bytes < 10_000, `${bytes}`);
  const { responseLength, ok } = await user.client.predictWords({ text: '' });
  assert.deepEqual([ok, responseLength > 100_000], [true, true]);
  const plain: GrpcUser<Classifier> = makeUser(t, { host: target.host });
  await plain.client.predict({ text: 'x'.repeat(100_000) });
  assert.ok(read() - bytes > 100_000);
});

test('keep-alive pings a connection on which nothing happens', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host, keepalive: { time: 0.02, timeout: 1, withoutCalls: true } });
  await user.client.predict({ text: '' });
  const [socket] = target.sockets;
  const before = socket?.bytesRead ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 50));
  // A ping is 17 bytes.
  assert.ok((socket?.bytesRead ?? 0) >= before + 17);
});
