import assert from 'node:assert/strict';
import { constants, createServer as createHttpServer } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { GrpcError } from '../../src/grpc/failure.ts';
import { status, Target } from './target.ts';
import { counted, failuresOf, makeUser, rowsOf } from './user-under-test.ts';

const codes = [
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

test('each code of a server is the status of the answer, and a failure', async (t) => {
  const target = await Target.start(t, {
    predict: (call, answer) => answer(status(call.request.text.length, 'so it is')),
  });
  const user = makeUser(t, { host: target.host });
  for (const [at, name] of codes.entries()) {
    const answer = await user.client.predict({ text: 'x'.repeat(at + 1) });
    assert.deepEqual([answer.code, answer.status, answer.message], [at + 1, name, 'so it is']);
    assert.deepEqual([answer.ok, answer.response], [false, undefined]);
    assert.deepEqual(failuresOf(user), [`${name}: so it is`]);
  }
});

test('raiseForStatus throws what the call failed with', async (t) => {
  const target = await Target.start(t, {
    predict: (call, answer) => (call.request.text === '' ? answer(status(3, 'empty')) : answer(null, { category: 1 })),
  });
  const user = makeUser(t, { host: target.host });
  (await user.client.predict({ text: 'a' })).raiseForStatus();
  const answer = await user.client.predict({ text: '' });
  assert.throws(
    () => answer.raiseForStatus(),
    (thrown: unknown) => thrown instanceof GrpcError && thrown.status === 'INVALID_ARGUMENT' && thrown.code === 3,
  );
});

test('texts that differ in ids, addresses and times only are one row', async (t) => {
  let at = 0;
  const target = await Target.start(t, {
    predict(_call, answer) {
      at++;
      answer(status(5, `user ${1000 + at} of 10.0.0.${at}:${8000 + at} not found after ${at * 1.5} ms`));
    },
  });
  const user = makeUser(t, { host: target.host });
  for (let i = 0; i < 3; i++) await user.client.predict({ text: '' });
  assert.deepEqual(failuresOf(user), ['NOT_FOUND: user … of … not found after …']);
});

test('a refused connection is a failure of each kind of call, at once', async (t) => {
  const target = await Target.start(t);
  target.kill();
  const user = makeUser(t, { host: target.host });
  const { client } = user;
  const begin = performance.now();
  const answers = [
    await client.predict({ text: '' }),
    await client.predictAll([{ text: '' }]),
    await client.predictWords({ text: '' }),
    await client.predictEach([{ text: '' }]),
    await client.predict({ text: '' }),
  ];
  for await (const _ of client.predictWords({ text: '' })) assert.fail('there is no message');
  assert.ok(performance.now() - begin < 5000);
  assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set(['UNAVAILABLE']));
  const { errors } = counted(user);
  assert.deepEqual(
    [...new Set(errors.map(({ error }) => error))],
    ['UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED …'],
  );
  assert.equal(errors.length, 4);
});

test('a name that nobody knows is a failure', async (t) => {
  const user = makeUser(t, { host: 'nobody.invalid:50051' });
  assert.equal((await user.client.predict({ text: '' }, { deadline: 10 })).status, 'UNAVAILABLE');
  assert.match(failuresOf(user)[0] ?? '', /^UNAVAILABLE: Name resolution failed for target /);
});

test('a server that is killed in mid-stream ends the loop; the stream has failed', async (t) => {
  const target = await Target.start(t, {
    predictWords(call) {
      call.write({ word: 'one', category: 1 });
      call.write({ word: 'two', category: 2 });
    },
  });
  const user = makeUser(t, { host: target.host });
  const words: string[] = [];
  const stream = user.client.predictWords({ text: '' });
  for await (const { word } of stream) {
    words.push(word);
    if (words.length === 2) target.kill();
  }
  const answer = await stream;
  assert.deepEqual([words, answer.status, answer.messageCount], [['one', 'two'], 'UNAVAILABLE', 2]);
  assert.match(failuresOf(user).join(), /^UNAVAILABLE: (Connection dropped|read ECONNRESET)$/);
});

test('so do one that is awaited and one that is still sent', async (t) => {
  const target = await Target.start(t, {
    predictWords: (call) => void call.write({ word: 'one', category: 1 }),
    predictAll: () => {},
  });
  const user = makeUser(t, { host: target.host });
  async function* endless(): AsyncGenerator<{ text: string }> {
    for (let at = 0; ; at++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (at === 20) target.kill();
      yield { text: 'a' };
    }
  }
  const [words, all] = await Promise.all([user.client.predictWords({ text: '' }), user.client.predictAll(endless())]);
  assert.deepEqual([words.status, words.messages.length, all.status], ['UNAVAILABLE', 1, 'UNAVAILABLE']);
});

test('a deadline that passes is a failure that groups, and the server is told', async (t) => {
  let isCancelled = false;
  const target = await Target.start(t, {
    predict: (call) => {
      call.on('cancelled', () => {
        isCancelled = true;
      });
    },
    predictWords: (call) => void call.write({ word: 'one', category: 1 }),
  });
  const user = makeUser(t, { host: target.host, deadline: 0.1 });
  const answer = await user.client.predict({ text: '' });
  assert.equal(answer.status, 'DEADLINE_EXCEEDED');
  assert.ok(answer.elapsed >= 90 && answer.elapsed < 2000, `${answer.elapsed}`);
  await user.client.predict({ text: '' }, { deadline: 0.05 });
  assert.deepEqual(failuresOf(user), ['DEADLINE_EXCEEDED: Deadline exceeded']);
  assert.equal((await user.client.predictWords({ text: '' })).status, 'DEADLINE_EXCEEDED');
  assert.ok(isCancelled);
});

test('a reset by the server is the deadline if that has passed, though the own timer is late', async (t) => {
  const server = createHttpServer();
  let milliseconds = 0;
  server.on('stream', (stream) => {
    const began = performance.now();
    const reset = (): void => {
      if (performance.now() - began < milliseconds) setImmediate(reset);
      else stream.close(constants.NGHTTP2_CANCEL);
    };
    reset();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const user = makeUser(t, { host: `127.0.0.1:${port}`, deadline: 0.05 });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  assert.equal((await user.client.predict({ text: '' }, { deadline: 10 })).failure, 'CANCELLED: Call cancelled');
  milliseconds = 50;
  assert.equal((await user.client.predict({ text: '' })).failure, 'DEADLINE_EXCEEDED: Deadline exceeded');
  user.disconnect();
});

test('a server that takes connections and says nothing is a failure at the deadline', async (t) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => {
    silent.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    silent.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = silent.address() as AddressInfo;
  const user = makeUser(t, { host: `127.0.0.1:${port}`, deadline: 0.1 });
  assert.equal((await user.client.predict({ text: '' })).status, 'DEADLINE_EXCEEDED');
  assert.match(failuresOf(user)[0] ?? '', /^DEADLINE_EXCEEDED: Deadline exceeded(, waiting for a connection)?$/);
});

test('a message of 20 MB is refused by the limit, either way', async (t) => {
  const big = 'x'.repeat(20_000_000);
  const target = await Target.start(
    t,
    {
      predictWords(call) {
        call.write({ word: big, category: 0 });
        call.end();
      },
    },
    { options: { 'grpc.max_receive_message_length': -1 } },
  );
  const user = makeUser(t, { host: target.host, maxSendBytes: 1_000_000 });
  const received = await user.client.predictWords({ text: '' });
  assert.equal(received.status, 'RESOURCE_EXHAUSTED');
  const sent = await user.client.predict({ text: big });
  assert.equal(sent.status, 'RESOURCE_EXHAUSTED');
  assert.deepEqual(failuresOf(user), [
    'RESOURCE_EXHAUSTED: Received message larger than max (… vs …)',
    'RESOURCE_EXHAUSTED: Attempted to send message with a size larger than …',
  ]);
  const unlimited = makeUser(t, { host: target.host, maxReceiveBytes: -1 });
  assert.equal((await unlimited.client.predictWords({ text: '' })).responseLength > 20_000_000, true);
  assert.equal((await unlimited.client.predict({ text: big })).response?.category, 20_000_000);
});

test('GOAWAY in mid-run: what is in flight ends well, the next calls fail, and go on when there is a server again', async (t) => {
  let answerLate: (() => void) | undefined;
  const target = await Target.start(t, {
    predict(call, answer) {
      if (call.request.text !== 'late') return answer(null, { category: 1 });
      answerLate = () => answer(null, { category: 2 });
      target.goAway();
      setTimeout(() => answerLate?.(), 50);
    },
  });
  const user = makeUser(t, { host: target.host, channelOptions: { 'grpc.initial_reconnect_backoff_ms': 100 } });
  assert.equal((await user.client.predict({ text: 'a' })).status, 'OK');
  assert.equal((await user.client.predict({ text: 'late' })).response?.category, 2);
  assert.deepEqual(failuresOf(user), []);
  assert.equal((await user.client.predict({ text: 'a' })).status, 'UNAVAILABLE');
  const { port } = target;
  await Target.start(t, {}, { port });
  let last = '';
  for (let tries = 0; tries < 200 && last !== 'OK'; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    last = (await user.client.predict({ text: 'a' })).status;
  }
  assert.equal(last, 'OK');
});

test('an answer that is no message of its type is a failure', async (t) => {
  const server = createHttpServer();
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    // Field 1, a number that does not end.
    stream.end(Buffer.from([0, 0, 0, 0, 2, 0x08, 0xff]));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const user = makeUser(t, { host: `127.0.0.1:${port}` });
  assert.equal((await user.client.predict({ text: '' })).status, 'INTERNAL');
  assert.equal((await user.client.predictWords({ text: '' })).status, 'INTERNAL');
  assert.deepEqual(new Set(failuresOf(user)), new Set(['INTERNAL: The response cannot be read']));
  user.disconnect();
});

test('an answer of HTTP without gRPC is a failure with its status', async (t) => {
  const server = createHttpServer((_request, response) => {
    response.writeHead(502).end('<html>Bad gateway</html>');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const user = makeUser(t, { host: `127.0.0.1:${port}` });
  assert.equal((await user.client.predict({ text: '' })).status, 'UNAVAILABLE');
  assert.match(failuresOf(user)[0] ?? '', /^UNAVAILABLE: .*502/);
  user.disconnect();
});

test('OK without a message is a failure, and so is a second message', async (t) => {
  let messages = 0;
  const server = createHttpServer();
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.concat(Array.from({ length: messages }, () => Buffer.from([0, 0, 0, 0, 2, 8, 1]))));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const user = makeUser(t, { host: `127.0.0.1:${port}`, deadline: 0.5 });
  assert.equal((await user.client.predict({ text: '' })).failure, 'UNIMPLEMENTED: No message received');
  assert.equal((await user.client.predictAll([])).failure, 'UNIMPLEMENTED: No message received');
  messages = 2;
  assert.equal((await user.client.predictAll([])).failure, 'UNIMPLEMENTED: Too many responses received');
  assert.equal((await user.client.predict({ text: '' })).ok, false);
  user.disconnect();
});

test('a signal gives the call up: it has failed', async (t) => {
  const target = await Target.start(t, { predict: () => {} });
  const user = makeUser(t, { host: target.host });
  const answers = [
    await user.client.predict({ text: '' }, { signal: AbortSignal.timeout(30) }),
    await user.client.predict({ text: '' }, { signal: AbortSignal.abort() }),
  ];
  assert.deepEqual(
    answers.map((answer) => answer.status),
    ['CANCELLED', 'CANCELLED'],
  );
  assert.deepEqual(rowsOf(user), ['grpc /text.v1.Classifier/Predict 2']);
});
