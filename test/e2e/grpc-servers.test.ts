// Users against gRPC servers of three languages, each as the program that it is: TypeScript, Python, Go.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeClass, makeEnvironment, userOf } from '../grpc/user-under-test.ts';
import { categoryOf } from '../targets/texts.ts';
import { goClassifier, type Program, pythonClassifier } from '../tools/classifiers.ts';
import { katydidCli } from '../tools/katydid.ts';
import { need } from '../tools/need.ts';
import { Child } from './child.ts';
import { until } from './until.ts';

const katydid = { command: process.execPath, args: [katydidCli, 'target', 'classifier', '--no-rest'], env: {} };
const servers: readonly (readonly [name: string, find: () => Promise<Program>, port: string])[] = [
  ['TypeScript', async () => katydid, '--grpc'],
  ['Python', () => pythonClassifier('grpc_server.py'), '--port'],
  ['Go', () => goClassifier('grpc'), '--port'],
];
const texts = ['the football match', 'an election', 'nothing of note'];
const requests = texts.map((text) => ({ text }));
const path = '/text.v1.Classifier';

/** A server that is running, with the host of its users. */
interface Server {
  readonly child: Child;
  readonly host: string;
}

for (const [name, find, port] of servers) {
  test(`gRPC users and a server in ${name}`, { timeout: 120_000 }, async (t) => {
    const program = await need(t, find);
    if (program === undefined) return;
    const start = async (): Promise<Server> => {
      const child = new Child(name, program.command, [...program.args, port, '0'], program.env);
      t.after(() => child.end('SIGKILL'));
      const said = /listens on ([\d.]+:\d+)/;
      await child.said(said);
      return { child, host: said.exec(child.output)?.[1] ?? '' };
    };
    const server = await start();
    await checkCalls(t, server);
    await checkLimits(t, server);
    await checkDeadline(t, server);
    await checkCrowd(t, server);
    await checkDeath(t, server, start);
  });
}

async function checkCalls(t: TestContext, { host }: Server): Promise<void> {
  await t.test('each of the four kinds of calls is answered, and counted once', async (t) => {
    const user = userOf(t, makeClass({ host }));
    const { client } = user;
    assert.equal((await client.predict({ text: 'an election' })).response?.category, categoryOf('an election'));
    const sum = (await client.predictAll(requests)).response;
    assert.deepEqual([sum?.texts, Object.values(sum?.counts ?? {}).length], [3, new Set(texts.map(categoryOf)).size]);
    const words: string[] = [];
    for await (const { word } of client.predictWords({ text: 'one two three' })) words.push(word);
    assert.deepEqual(words, ['one', 'two', 'three']);
    const talk = client.predictEach();
    const categories: number[] = [];
    await talk.write({ text: texts[0] ?? '' });
    for await (const { category } of talk) {
      categories.push(category);
      const text = texts[categories.length];
      if (text === undefined) talk.end();
      else await talk.write({ text });
    }
    assert.deepEqual(categories, texts.map(categoryOf));
    const { entries, errors } = user.environment.stats.drain();
    const rows = entries.map((entry) => [entry.name, entry.numRequests, entry.totalContentLength > 0]);
    const expected = ['Predict', 'PredictAll', 'PredictWords', 'PredictEach'].map((one) => [`${path}/${one}`, 1, true]);
    assert.deepEqual(rows, expected);
    assert.deepEqual(errors, []);
  });
  await t.test('what the server refuses is a failure with its reason', async (t) => {
    const user = userOf(t, makeClass({ host }));
    assert.equal((await user.client.predict({ text: ' ' })).status, 'INVALID_ARGUMENT');
    assert.equal((await user.client.predictEach([{ text: 'a goal' }, { text: '' }])).messages.length, 1);
    const { errors } = user.environment.stats.drain();
    assert.deepEqual(
      errors.map(({ error, occurrences }) => [error, occurrences]),
      Array.from({ length: 2 }, () => ['INVALID_ARGUMENT: text must not be empty', 1]),
    );
  });
}

async function checkLimits(t: TestContext, { host }: Server): Promise<void> {
  const big = 'x'.repeat(20_000_000);
  await t.test('a message of 20 MB is refused by the server, and the user goes on', async (t) => {
    const user = userOf(t, makeClass({ host }));
    assert.equal((await user.client.predict({ text: big })).status, 'RESOURCE_EXHAUSTED');
    assert.equal((await user.client.predictAll([{ text: 'a goal' }, { text: big }])).status, 'RESOURCE_EXHAUSTED');
    assert.equal((await user.client.predict({ text: 'a goal' })).status, 'OK');
  });
  await t.test('a message of 20 MB is not sent by a user with a limit', async (t) => {
    const user = userOf(t, makeClass({ host, maxSendBytes: 1_000_000 }));
    const { failure } = await user.client.predict({ text: big });
    assert.equal(failure, 'RESOURCE_EXHAUSTED: Attempted to send message with a size larger than …');
    assert.equal((await user.client.predict({ text: 'a goal' })).status, 'OK');
  });
  await t.test('a message longer than the limit of a user is not taken, and the user goes on', async (t) => {
    const user = userOf(t, makeClass({ host, maxReceiveBytes: 1000 }));
    const answer = await user.client.predictWords({ text: `a ${'x'.repeat(2000)} b` });
    assert.equal(answer.status, 'RESOURCE_EXHAUSTED');
    assert.equal((await user.client.predictWords({ text: 'a b' })).messageCount, 2);
  });
}

async function areStopped({ pid }: Child): Promise<boolean> {
  const folder = `/proc/${pid}/task`;
  const states = (await readdir(folder)).map(async (thread) => readFile(join(folder, thread, 'stat'), 'utf8'));
  return (await Promise.all(states)).every((state) => /\) T /.test(state));
}

async function checkDeadline(t: TestContext, { child, host }: Server): Promise<void> {
  await t.test('the deadline of a server that does not answer passes, as one failure a call', async (t) => {
    const user = userOf(t, makeClass({ host, deadline: 10 }));
    const { client } = user;
    assert.equal((await client.predict({ text: 'a' })).status, 'OK');
    child.signal('SIGSTOP');
    try {
      await until('all its threads are stopped', () => areStopped(child));
      const answers = await Promise.all([
        client.predict({ text: 'a' }, { deadline: 0.2 }),
        client.predictAll(requests, { deadline: 0.2 }),
        client.predictWords({ text: 'a' }, { deadline: 0.2 }),
        client.predictEach(requests, { deadline: 0.2 }),
      ]);
      assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set(['DEADLINE_EXCEEDED']));
    } finally {
      child.signal('SIGCONT');
    }
    assert.equal((await client.predict({ text: 'a' })).status, 'OK');
    const { entries, errors } = user.environment.stats.drain();
    assert.deepEqual(
      errors.map(({ error, occurrences }) => [error, occurrences]),
      Array.from({ length: 4 }, () => ['DEADLINE_EXCEEDED: Deadline exceeded', 1]),
    );
    assert.equal(
      entries.reduce((sum, { numRequests }) => sum + numRequests, 0),
      6,
    );
  });
  await t.test('the deadline of a conversation in which nobody speaks passes', async (t) => {
    const user = userOf(t, makeClass({ host }));
    assert.equal((await user.client.predictEach(undefined, { deadline: 0.2 })).status, 'DEADLINE_EXCEEDED');
  });
}

/** Connections to an address that are established, from the client's side; by the kernel's table. */
async function connectionsTo(host: string): Promise<number> {
  const port = Number(host.split(':').at(-1)).toString(16).toUpperCase().padStart(4, '0');
  const table = await readFile('/proc/net/tcp', 'utf8');
  return table.match(new RegExp(`^ *\\d+: \\S+ [0-9A-F]{8}:${port} 01 `, 'gm'))?.length ?? 0;
}

async function checkCrowd(t: TestContext, { host }: Server): Promise<void> {
  await t.test('1,000 users have a channel each, which end with them', async (t) => {
    await until('those of others are closed', async () => (await connectionsTo(host)) === 0);
    const environment = makeEnvironment();
    const userClass = makeClass({ host });
    const users = Array.from({ length: 1000 }, () => userOf(t, userClass, environment));
    for (let calls = 0; calls < 2; calls++) {
      const answers = await Promise.all(users.map(({ client }) => client.predict({ text: 'a goal' })));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set(['OK']));
    }
    assert.equal(await connectionsTo(host), 1000);
    assert.equal(environment.stats.drain().entries[0]?.numRequests, 2000);
    for (const user of users) user.life.end();
    await until('their connections are closed', async () => (await connectionsTo(host)) === 0);
  });
}

async function checkDeath(t: TestContext, { child, host }: Server, start: () => Promise<Server>): Promise<void> {
  await t.test('a server that is killed in mid-stream: each stream has failed once, and none hangs', async (t) => {
    const user = userOf(t, makeClass({ host }));
    const { client } = user;
    const talks = [client.predictEach(), client.predictEach()] as const;
    const [iterated, awaited] = talks;
    for (const talk of talks) await talk.write({ text: 'a goal' });
    async function* endless(): AsyncGenerator<{ text: string }> {
      for (;;) {
        yield { text: 'a goal' };
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    const all = client.predictAll(endless());
    let answers = 0;
    for await (const _ of iterated) {
      answers++;
      child.signal('SIGKILL');
    }
    const ended = [await iterated, await awaited, await all];
    assert.equal(answers, 1);
    for (const { status } of ended) assert.match(status, /^(UNAVAILABLE|CANCELLED)$/);
    const { entries, errors } = user.environment.stats.drain();
    const rows = entries.map((entry) => [entry.name, entry.numRequests, entry.numFailures]).sort();
    assert.deepEqual(rows, [
      [`${path}/PredictAll`, 1, 1],
      [`${path}/PredictEach`, 2, 2],
    ]);
    assert.equal(
      errors.reduce((sum, { occurrences }) => sum + occurrences, 0),
      3,
    );
  });
  await t.test('without it calls are refused; with another one they are answered', async (t) => {
    const user = userOf(t, makeClass({ host }));
    assert.equal((await user.client.predict({ text: 'a goal' })).status, 'UNAVAILABLE');
    const another = userOf(t, makeClass({ host: (await start()).host }));
    assert.equal((await another.client.predict({ text: 'a goal' })).status, 'OK');
  });
}
