import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { classifierGrpc } from '../../src/targets/classifier/grpc.ts';
import { Model } from '../../src/targets/classifier/model.ts';
import { classifierRest } from '../../src/targets/classifier/rest.ts';
import { httpListener } from '../../src/targets/http-listener.ts';
import type { Listener } from '../../src/targets/listener.ts';
import { checkGrpc, checkRest } from './classifier-checks.ts';
import { GrpcClassifier } from './grpc-classifier.ts';
import { categoryOf, madeTexts, modelFile, sumsOf } from './texts.ts';

async function start(t: TestContext, listener: Listener): Promise<string> {
  const port = await listener.listen('127.0.0.1', 0);
  t.after(() => listener.close(0));
  return `127.0.0.1:${port}`;
}

test('the model adds up the weights of all words, in whatever case', () => {
  const model = new Model({
    categories: ['a', 'b', 'c'],
    words: { one: { 1: 2 }, two: { 2: 3 }, both: { 1: 1, 2: 1 } },
  });
  assert.equal(model.predict('One, ONE and two'), 1);
  assert.equal(model.predict('one two'), 2);
  assert.equal(model.predict('both'), 1, 'of equal sums the smallest category');
  assert.equal(model.predict('ones tw o1'), 0, 'no word is known');
  assert.equal(model.predict('constructor __proto__'), 0);
});

test('the made texts have all categories, ties, long ones, and ones without a known word', () => {
  const texts = madeTexts(1000);
  assert.equal(new Set(texts.map(categoryOf)).size, modelFile.categories.length);
  const ties = texts.filter((text) => {
    const sums = sumsOf(text);
    const best = Math.max(...sums);
    return best > 0 && sums.filter((sum) => sum === best).length > 1;
  });
  assert.ok(ties.length > 50, `${ties.length} ties`);
  assert.ok(texts.filter((text) => Math.max(...sumsOf(text)) === 0).length > 50);
  assert.ok(texts.some((text) => Buffer.byteLength(text) > 10_000));
  assert.ok(texts.every((text) => Buffer.byteLength(text) <= 16_384));
});

test('the classifier over REST', async (t) => {
  await checkRest(t, `http://${await start(t, httpListener(classifierRest()))}`);
});

test('the classifier over gRPC', async (t) => {
  await checkGrpc(t, await start(t, classifierGrpc()));
});

for (const [name, first, rest] of [
  ['a head', 'POST /predict HTTP/1.1\r\nhost: x\r\n', 'content-length: 19\r\n\r\n{"text":"election"}'],
  ['a body', 'POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: 19\r\n\r\n{"text":', '"election"}'],
] as const) {
  test(`a REST server that ends in the middle of ${name} answers, and closes the connection`, {
    timeout: 10_000,
  }, async (t) => {
    const listener = httpListener(classifierRest());
    const [address = '', port] = (await start(t, listener)).split(':');
    const socket = connect(Number(port), address);
    await once(socket, 'connect');
    socket.write(first);
    // Answered by the same server, later: it has read the first part by then.
    await fetch(`http://${address}:${port}/healthz`);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    const ended = once(socket, 'end');
    const closed = listener.close(60);
    socket.write(rest);
    await ended;
    await closed;
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n.*{"category":3}$/s);
    if (name === 'a head') assert.match(answer, /\r\nconnection: close\r\n/i);
  });
}

test('a REST server that ends cuts off who sends nothing more', async (t) => {
  const listener = httpListener(classifierRest());
  const [address = '', port] = (await start(t, listener)).split(':');
  const socket = connect(Number(port), address);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write('POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: 19\r\n\r\n{"text":');
  const gone = once(socket, 'close');
  await listener.close(0.02);
  await gone;
});

test('a gRPC server that ends says so to those who watch its health', async (t) => {
  const listener = classifierGrpc();
  const client = new GrpcClassifier(await start(t, listener));
  t.after(() => client.close());
  const watch = client.watchHealth('text.v1.Classifier');
  const told: number[] = [];
  watch.on('data', (status: number) => told.push(status));
  await once(watch, 'data');
  const ended = once(watch, 'end');
  await listener.close(5);
  await ended;
  assert.deepEqual(told, [1, 2]);
});
