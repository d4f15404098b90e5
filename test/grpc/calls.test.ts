import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import { UsageError } from '../../src/errors.ts';
import { events, type RequestEvent } from '../../src/user/events.ts';
import { Iteration } from '../../src/user/iteration.ts';
import { type Category, Target } from './target.ts';
import { counted, makeUser, rowsOf } from './user-under-test.ts';

test('a unary call returns the response, and is one entry with the bytes of its message', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const answer = await user.client.predict({ text: 'four' });
  assert.deepEqual({ ...answer.response }, { category: 4 });
  assert.deepEqual([answer.code, answer.status, answer.ok, answer.failure], [0, 'OK', true, undefined]);
  const { entries, errors } = counted(user);
  const [entry] = entries;
  assert.deepEqual([entries.length, entry?.method, entry?.name], [1, 'grpc', '/text.v1.Classifier/Predict']);
  // `08 04`: field 1, varint 4.
  assert.deepEqual([entry?.numRequests, entry?.totalContentLength, errors], [1, 2, []]);
  assert.equal(entry?.totalResponseTime, answer.elapsed);
});

test('a list of requests is answered by one response', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const answer = await user.client.predictAll([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
  assert.equal(answer.response?.texts, 3);
  assert.deepEqual({ ...answer.response?.counts }, { 3: 2, 5: 1 });
  assert.deepEqual(rowsOf(user), ['grpc /text.v1.Classifier/PredictAll 1']);
});

test('so is an async generator of requests, each as it comes', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  async function* texts(): AsyncGenerator<{ text: string }> {
    for (const text of ['one', 'three']) {
      await new Promise((resolve) => setImmediate(resolve));
      yield { text };
    }
  }
  assert.equal((await user.client.predictAll(texts())).response?.texts, 2);
});

test('a stream of responses is iterated as it comes, and counted once at its end', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const words: string[] = [];
  const stream = user.client.predictWords({ text: 'to be or not' });
  for await (const { word } of stream) {
    assert.deepEqual(rowsOf(user), []);
    words.push(word);
  }
  assert.deepEqual(words, ['to', 'be', 'or', 'not']);
  const answer = await stream;
  assert.deepEqual([answer.status, answer.messageCount, answer.messages], ['OK', 4, []]);
  const [entry] = counted(user).entries;
  assert.deepEqual([entry?.numRequests, entry?.totalContentLength], [1, answer.responseLength]);
  assert.equal(answer.responseLength, 3 * 6 + 7);
});

test('a stream of responses that is awaited has them all', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const { messages, response } = await user.client.predictWords({ text: 'to be or not' });
  assert.deepEqual(
    messages.map(({ category }) => category),
    [2, 2, 2, 3],
  );
  assert.equal(response?.word, 'not');
});

test('a stream that is awaited late has them all, too', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  for (const text of ['one', 'two words']) {
    const stream = user.client.predictWords({ text });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await stream).messages.length, text.split(' ').length);
  }
});

test('a stream that is iterated late gives them all', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const stream = user.client.predictWords({ text: 'one' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const words: string[] = [];
  for await (const { word } of stream) words.push(word);
  assert.deepEqual(words, ['one']);
});

test('only as many messages are read as are taken, so that the server is slowed down', async (t) => {
  let sent = 0;
  const target = await Target.start(t, {
    predictWords(call) {
      const word = 'x'.repeat(100_000);
      for (let i = 0; i < 100; i++) call.write({ word, category: i }, () => sent++);
      call.end();
    },
  });
  const user = makeUser(t, { host: target.host });
  let taken = 0;
  for await (const _ of user.client.predictWords({ text: '' })) {
    if (++taken > 1) continue;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(sent < 20, `${sent}`);
  }
  assert.equal(taken, 100);
});

test('leaving the loop cancels the call, which is no failure', async (t) => {
  let cancelled: Promise<unknown> | undefined;
  const target = await Target.start(t, {
    predictWords(call) {
      cancelled = once(call, 'cancelled');
      call.write({ word: 'first', category: 1 });
    },
  });
  const user = makeUser(t, { host: target.host });
  const stream = user.client.predictWords({ text: 'endless' });
  for await (const { word } of stream) {
    assert.equal(word, 'first');
    break;
  }
  const { entries, errors } = counted(user);
  assert.deepEqual([entries[0]?.numRequests, entries[0]?.numFailures, errors], [1, 0, []]);
  assert.equal((await stream).status, 'CANCELLED');
  await cancelled;
});

test('both ways: what is given is sent, what comes is iterated', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const categories: number[] = [];
  for await (const { category } of user.client.predictEach([{ text: 'a' }, { text: 'bb' }])) categories.push(category);
  assert.deepEqual(categories, [1, 2]);
  assert.deepEqual(rowsOf(user), ['grpc /text.v1.Classifier/PredictEach 1']);
});

test('both ways: a conversation, each message after the answer to the one before', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const talk = user.client.predictEach();
  const answers: number[] = [];
  assert.equal(await talk.write({ text: 'a' }), true);
  for await (const { category } of talk) {
    answers.push(category);
    if (answers.length < 3) await talk.write({ text: 'x'.repeat(category * 10) });
    else talk.end();
  }
  assert.deepEqual(answers, [1, 10, 100]);
  assert.equal((await talk).status, 'OK');
  assert.equal(await talk.write({ text: 'late' }), false);
});

test('messages that are written at once arrive in their order', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const talk = user.client.predictEach();
  const texts = Array.from({ length: 50 }, (_, at) => 'x'.repeat(at));
  await Promise.all(texts.map((text) => talk.write({ text })));
  talk.end();
  const { messages } = await talk;
  assert.deepEqual(
    messages.map(({ category }) => category),
    texts.map((text) => text.length),
  );
});

test('an error of the generator of requests ends the call and is thrown, not counted', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  function* texts(): Generator<{ text: string }> {
    yield { text: 'one' };
    throw new RangeError('no more');
  }
  await assert.rejects(user.client.predictAll(texts()), RangeError);
  await assert.rejects(async () => {
    for await (const _ of user.client.predictEach(texts()));
  }, RangeError);
  assert.deepEqual(rowsOf(user), []);
});

test('a name replaces the path in the statistics', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const answer = await user.client.predict({ text: 'a' }, { name: 'short' });
  assert.deepEqual([answer.name, answer.path], ['short', '/text.v1.Classifier/Predict']);
  assert.deepEqual(rowsOf(user), ['grpc short 1']);
});

test('metadata of class, user, token and call are sent, the nearest wins; those of the answer are read', async (t) => {
  const seen: Record<string, unknown>[] = [];
  const target = await Target.start(t, {
    predict(call, answer) {
      seen.push(call.metadata.getMap());
      const first = new Metadata();
      first.add('x-list', 'a');
      first.add('x-list', 'b');
      call.sendMetadata(first);
      const last = new Metadata();
      last.set('x-cost', '7');
      last.set('x-raw-bin', Buffer.from([1, 2]));
      answer(null, { category: 0 }, last);
    },
  });
  const user = makeUser(t, {
    host: target.host,
    metadata: { a: 'class', b: 'class', c: 'class', d: 'class', e: 'class' },
  });
  user.metadata = { b: 'user', c: 'user', d: 'user' };
  user.credentials = async () => ({ c: 'token', d: 'token' });
  const { metadata, trailers } = await user.client.predict(
    { text: '' },
    { metadata: { d: ['call', 'twice'], e: undefined, n: 5, 'x-bin': Buffer.from('raw') } },
  );
  const { a, b, c, d, e, n, 'x-bin': raw } = seen[0] ?? {};
  assert.deepEqual({ a, b, c, d, e, n }, { a: 'class', b: 'user', c: 'token', d: 'call, twice', e: undefined, n: '5' });
  assert.deepEqual(raw, Buffer.from('raw'));
  assert.equal(metadata['x-list'], 'a, b');
  assert.deepEqual([trailers['x-cost'], trailers['x-raw-bin']], ['7', Buffer.from([1, 2])]);
});

test('metadata of the user that are set anew are sent from then on', async (t) => {
  const seen: unknown[] = [];
  const target = await Target.start(t, {
    predict(call, answer) {
      seen.push(call.metadata.get('token')[0]);
      answer(null, { category: 0 });
    },
  });
  const user = makeUser(t, { host: target.host, metadata: { token: 'class' } });
  for (const metadata of [undefined, { token: 'first' }, { token: 'second' }, undefined]) {
    user.metadata = metadata;
    for (let i = 0; i < 2; i++) await user.client.predict({ text: '' });
  }
  assert.deepEqual(seen, ['class', 'class', 'first', 'first', 'second', 'second', 'class', 'class']);
});

test('the time of credentials is not counted; their error is thrown', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  let fetchedAt = 0;
  user.credentials = () =>
    new Promise((resolve) => {
      setTimeout(() => {
        fetchedAt = performance.now();
        resolve({ authorization: 'Bearer x' });
      }, 30);
    });
  await user.client.predict({ text: '' });
  const sinceFetched = performance.now() - fetchedAt;
  const time = counted(user).entries[0]?.totalResponseTime ?? Number.POSITIVE_INFINITY;
  assert.ok(time <= sinceFetched, `${time} ms counted, ${sinceFetched} ms since the credentials came`);
  user.credentials = async () => {
    throw new RangeError('no token');
  };
  await assert.rejects(user.client.predict({ text: '' }), RangeError);
  await assert.rejects(Promise.resolve(user.client.predictWords({ text: '' })), RangeError);
  assert.deepEqual(rowsOf(user), []);
});

test('streamEntries: the first message and the number of messages have entries of their own', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host, streamEntries: true });
  await user.client.predictWords({ text: 'to be' }, { name: 'words' });
  await user.client.predictAll([{ text: 'a' }, { text: 'b' }, { text: 'c' }], { name: 'all' });
  await user.client.predictWords({ text: 'to be' }, { name: 'none', streamEntries: false });
  await user.client.predict({ text: '' }, { name: 'unary' });
  const { entries } = counted(user);
  assert.deepEqual(
    entries.map(({ name, numRequests, numNoneRequests, totalContentLength: length }) => [
      name,
      numRequests,
      numNoneRequests,
      name.endsWith('[messages]') ? length : '-',
    ]),
    [
      ['words [first message]', 1, 0, '-'],
      ['words [messages]', 1, 1, 2],
      ['words', 1, 0, '-'],
      ['all [messages]', 1, 1, 3],
      ['all', 1, 0, '-'],
      ['none', 1, 0, '-'],
      ['unary', 1, 0, '-'],
    ],
  );
});

test('a listener of request gets the response, the address and the context', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const heard: RequestEvent[] = [];
  const listener = events.request.addListener((event) => heard.push(event));
  t.after(() => events.request.removeListener(listener));
  const answer = await user.client.predict({ text: 'a' }, { context: { tenant: 'acme' } });
  const [event] = heard;
  assert.deepEqual([event?.requestType, event?.response, event?.context], ['grpc', answer, { tenant: 'acme' }]);
  assert.equal(event?.url, `${target.host}/text.v1.Classifier/Predict`);
  assert.deepEqual([event?.responseTime, event?.responseLength], [answer.elapsed, 2]);
});

test('a method may be called by the name that it has in the file', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const client = user.client as unknown as Readonly<Record<string, typeof user.client.predict>>;
  assert.equal((await client.Predict?.({ text: 'a' }))?.response?.category, 1);
});

test('a method that there is not is an error that names the nearest one', async (t) => {
  const user = makeUser(t, { host: '127.0.0.1:1' });
  const client = user.client as unknown as Readonly<Record<string, () => void>>;
  assert.throws(
    () => client.predct?.(),
    (thrown: Error) => {
      assert.ok(thrown instanceof UsageError);
      assert.equal(thrown.message, "text.v1.Classifier has no method 'predct'; did you mean 'predict'?");
      return true;
    },
  );
  assert.equal(await user.client, user.client);
});

test('disconnect closes the connection; the next call opens another', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  for (let i = 0; i < 3; i++) {
    await user.client.predict({ text: 'a' });
    user.disconnect();
    await target.untilOpen(0);
  }
  assert.equal(target.connections, 3);
});

test('another client of the user is on the same connection', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const again = user.clientOf<{ predict: typeof user.client.predict }>('text.v1.Classifier');
  await user.client.predict({ text: 'a' });
  const answer: { response?: Category | undefined } = await again.predict({ text: 'bb' });
  assert.deepEqual([answer.response?.category, target.connections], [2, 1]);
});

test('what a planned iteration calls is counted as its own, on a connection that another one has opened', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  user.life.isOpen = true;
  const heard: (number | null)[] = [];
  const listener = events.request.addListener(() => heard.push(user.life.lateness));
  t.after(() => events.request.removeListener(listener));
  for (const lateness of [20, 30]) {
    const iteration = new Iteration(user.life, lateness);
    await iteration.run(() => user.client.predict({ text: '' }));
    await iteration.run(() => user.client.predictAll([]));
  }
  assert.deepEqual(heard, [20, 20, 30, 30]);
});
