import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Ports, type RunningTarget, startTarget } from '../../src/commands/target.ts';
import { GrpcClassifier } from '../targets/grpc-classifier.ts';

async function start(t: TestContext, name: string, ports: Ports, anyPort = false): Promise<RunningTarget> {
  const running = await startTarget(name, '127.0.0.1', ports, anyPort);
  t.after(() => running.close());
  return running;
}

test('a target listens where it was told and answers', async (t) => {
  const { host = '' } = await start(t, 'website', { port: 0 });
  const answer = await fetch(host);
  assert.equal(answer.status, 200);
});

test('a port that is taken is an error, or another one if any will do', async (t) => {
  const first = await start(t, 'website', { port: 0 });
  const port = Number(new URL(first.host ?? '').port);
  await assert.rejects(startTarget('website', '127.0.0.1', { port }), {
    name: 'UsageError',
    message: new RegExp(`^target website cannot listen on 127\\.0\\.0\\.1:${port}: .*; give another --port$`),
  });
  const other = await start(t, 'website', { port }, true);
  assert.notEqual(other.host, first.host);
});

test('a target that there is not is refused, with the nearest one', async () => {
  await assert.rejects(startTarget('webiste', '127.0.0.1'), {
    name: 'UsageError',
    message: "there is no target 'webiste'; did you mean 'website'?",
  });
});

test('the classifier listens on two ports, and leaves the host to its users', async (t) => {
  const { urls, host } = await start(t, 'classifier', { rest: 0, grpc: 0 });
  const answer = await fetch(`${urls.get('rest')}/predict`, { method: 'POST', body: '{"text":"election"}' });
  assert.deepEqual(await answer.json(), { category: 3 });
  const client = new GrpcClassifier(urls.get('grpc') ?? '');
  t.after(() => client.close());
  assert.deepEqual((await client.predict('election')).messages, [{ category: 3 }]);
  assert.equal(host, undefined);
});

test('one of two ports can be left out, not both', async (t) => {
  const { urls } = await start(t, 'classifier', { rest: 0, grpc: false });
  assert.deepEqual([...urls.keys()], ['rest']);
  await assert.rejects(startTarget('classifier', '127.0.0.1', { rest: false, grpc: false }), {
    name: 'UsageError',
    message: 'target classifier has nothing left to listen with; leave out one of --no-rest, --no-grpc',
  });
});

test('a second port that is taken is an error that leaves nothing behind', async (t) => {
  const first = await start(t, 'classifier', { rest: 0, grpc: 0 });
  const taken = Number((first.urls.get('grpc') ?? '').split(':')[1]);
  const free = await start(t, 'classifier', { rest: 0, grpc: false });
  const rest = Number(new URL(free.urls.get('rest') ?? '').port);
  await free.close();
  await assert.rejects(startTarget('classifier', '127.0.0.1', { rest, grpc: taken }), {
    name: 'UsageError',
    message: new RegExp(`^target classifier cannot listen on 127\\.0\\.0\\.1:${taken}: .*; give another --grpc$`),
  });
  await start(t, 'classifier', { rest, grpc: false });
});

test('a port that a target has not, or that is none, is refused', async () => {
  await assert.rejects(startTarget('classifier', '127.0.0.1', { port: 1 }), {
    message: 'target classifier has no --port; it has --rest and --grpc',
  });
  await assert.rejects(startTarget('website', '127.0.0.1', { grpc: false }), {
    message: 'target website has no --no-grpc; it has --port',
  });
  await assert.rejects(startTarget('classifier', '127.0.0.1', { rest: 70_000 }), {
    message: '--rest is 70000; a port from 0 to 65535 is expected',
  });
});
