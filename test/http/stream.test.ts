import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { brotliCompressSync, createGzip, gzipSync } from 'node:zlib';
import { StopUser } from '../../src/errors.ts';
import { serve } from './target.ts';
import { counted, makeUser, namesOf } from './user-under-test.ts';

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

test('lines come as they are sent, and the sample ends with the last', async (t) => {
  let goOn: () => void = () => {};
  const target = await serve(t, async (_request, response) => {
    response.write('data: on');
    response.write('e\r\nda');
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    response.write('ta: b\u00e5\n\n');
    setTimeout(() => response.end('rest'), 30);
  });
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/', { stream: true });
  assert.equal(answer.status, 200);
  const lines: string[] = [];
  for await (const line of answer.lines()) {
    lines.push(line);
    if (lines.length === 1) {
      assert.deepEqual(namesOf(user), []);
      goOn();
    }
  }
  assert.deepEqual(lines, ['data: one', 'data: bå', '', 'rest']);
  const [entry] = counted(user).entries;
  assert.deepEqual([entry?.numRequests, entry?.totalContentLength], [1, 26]);
  assert.ok((entry?.totalResponseTime ?? 0) >= 28);
});

test('pieces of an encoded body are decoded', async (t) => {
  const target = await serve(t, (_request, response) => {
    const gzip = createGzip();
    response.setHeader('content-encoding', 'gzip');
    gzip.pipe(response);
    gzip.end('one\ntwo\n');
  });
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/', { stream: true });
  assert.deepEqual(await listOf(answer.lines()), ['one', 'two']);
  assert.equal(counted(user).entries[0]?.totalContentLength, 8);
});

test('pieces of a body that is encoded twice', async (t) => {
  const target = await serve(t, (_request, response) => {
    response.setHeader('content-encoding', 'gzip, br').end(brotliCompressSync(gzipSync('one\ntwo\n')));
  });
  const answer = await makeUser({ host: target.url }).client.get('/', { stream: true });
  assert.deepEqual(await listOf(answer.lines()), ['one', 'two']);
});

test('a piece that is no gzip breaks the stream', async (t) => {
  const target = await serve(t, (_request, response) => {
    response.setHeader('content-encoding', 'gzip').end('no gzip');
  });
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/', { stream: true });
  await assert.rejects(listOf(answer.lines()), /incorrect header check/);
  assert.equal(counted(user).errors.length, 1);
});

test('a large body that is read slowly arrives whole', async (t) => {
  const target = await serve(t, (_request, response) => response.end(Buffer.alloc(3_000_000, 'x')));
  const answer = await makeUser({ host: target.url }).client.get('/', { stream: true });
  let length = 0;
  for await (const chunk of answer.body) {
    if (length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    length += chunk.length;
  }
  assert.deepEqual([length, answer.contentLength], [3_000_000, 3_000_000]);
});

test('leaving the loop closes the connection and counts what was read', async (t) => {
  let closed: Promise<unknown> | undefined;
  const target = await serve(t, (request, response) => {
    closed = once(request.socket, 'close');
    response.write('one\n');
  });
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/', { stream: true });
  for await (const line of answer.lines()) {
    assert.equal(line, 'one');
    break;
  }
  await closed;
  const { entries, errors } = counted(user);
  assert.deepEqual([entries[0]?.numRequests, entries[0]?.totalContentLength, errors], [1, 4, []]);
});

test('a stream that breaks off throws where it is read, and is a failure', async (t) => {
  const target = await serve(t, (request, response) => {
    response.write('one\n', () => setTimeout(() => request.socket.destroy(), 5));
  });
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/', { stream: true });
  await assert.rejects(listOf(answer.lines()), { name: 'IncompleteRead' });
  assert.match(counted(user).errors[0]?.error ?? '', /^IncompleteRead\(/);
});

test('the time-out of a stream is the longest silence', async (t) => {
  const target = await serve(t, (_request, response) => {
    let left = 15;
    const timer = setInterval(() => {
      if (left-- > 0) response.write('x\n');
      else clearInterval(timer);
    }, 20);
  });
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/', { stream: true, timeout: 0.2 });
  const lines: string[] = [];
  await assert.rejects(async () => {
    for await (const line of answer.lines()) lines.push(line);
  }, /No whole answer within 0.2 s/);
  assert.equal(lines.length, 15);
});

test('a status of 400 or more is a failure of a stream, too', async (t) => {
  const target = await serve(t, (_request, response) => response.writeHead(503).end('busy'));
  const user = makeUser({ host: target.url });
  assert.deepEqual(await listOf((await user.client.get('/', { stream: true })).lines()), ['busy']);
  assert.match(counted(user).errors[0]?.error ?? '', /^HTTPError\('503/);
});

test('a stream without an answer has nothing to read', async () => {
  const user = makeUser({ host: 'http://127.0.0.1:1' });
  const answer = await user.client.get('/', { stream: true });
  assert.deepEqual([answer.status, await listOf(answer.lines()), await listOf(answer.body)], [0, [], []]);
  assert.equal(counted(user).errors.length, 1);
});

test('a stream is read within catchResponse, whose verdict counts', async (t) => {
  const target = await serve(t, (_request, response) => response.end('a\nb\n'));
  const user = makeUser({ host: target.url });
  await user.client.get('/', {
    stream: true,
    catchResponse: async ({ response, failure, rename }) => {
      const lines = await listOf(response.lines());
      rename(`${lines.length} lines`);
      if (!lines.includes('c')) failure('no c');
    },
  });
  const { entries, errors } = counted(user);
  assert.deepEqual([entries.length, entries[0]?.name, entries[0]?.totalContentLength], [1, '2 lines', 4]);
  assert.equal(errors[0]?.error, "CatchResponseError('no c')");
});

test('what catchResponse has not read is left', async (t) => {
  const target = await serve(t, (_request, response) => response.write('begun'));
  const user = makeUser({ host: target.url });
  await user.client.get('/', { stream: true, catchResponse: () => {} });
  assert.deepEqual(namesOf(user), ['GET /']);
});

test('a redirect is followed before the stream begins', async (t) => {
  const target = await serve(t, (request, response) => {
    if (request.url === '/b') return void setTimeout(() => response.end('here\n'), 20);
    response.writeHead(302, { location: '/b' }).write('elsewhere\n');
    setTimeout(() => response.end(), 10);
  });
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/a', { stream: true });
  assert.deepEqual(await listOf(answer.lines()), ['here']);
  assert.deepEqual(namesOf(user), ['GET /a']);
});

test("the user's end throws StopUser where the stream is read", async (t) => {
  const target = await serve(t, (_request, response) => response.write('one\n'));
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/', { stream: true });
  await assert.rejects(async () => {
    for await (const _line of answer.lines()) user.life.abort();
  }, StopUser);
  assert.deepEqual(namesOf(user), []);
});

test('text of a stream, and lines of what is none, are refused with what to do', async (t) => {
  const target = await serve(t, (_request, response) => response.end('x'));
  const { client } = makeUser({ host: target.url });
  const stream = await client.get('/', { stream: true });
  assert.throws(() => stream.text(), /read response\.lines\(\) or response\.body/);
  const whole = await client.get('/');
  assert.throws(() => whole.lines(), /stream: true/);
});
