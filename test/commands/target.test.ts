import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTarget, urlOf } from '../../src/commands/target.ts';

test('a target listens where it was told and answers', async (t) => {
  const server = await startTarget('website', '127.0.0.1', 0);
  t.after(() => server.close());
  const answer = await fetch(urlOf(server));
  assert.equal(answer.status, 200);
});

test('a port that is taken is an error, or another one if any will do', async (t) => {
  const first = await startTarget('website', '127.0.0.1', 0);
  t.after(() => first.close());
  const port = Number(new URL(urlOf(first)).port);
  await assert.rejects(startTarget('website', '127.0.0.1', port), {
    name: 'UsageError',
    message: new RegExp(`^target website cannot listen on 127\\.0\\.0\\.1:${port}: .*; give another --port$`),
  });
  const other = await startTarget('website', '127.0.0.1', port, true);
  t.after(() => other.close());
  assert.notEqual(urlOf(other), urlOf(first));
});

test('a target that there is not is refused, with the nearest one', async () => {
  await assert.rejects(startTarget('webiste', '127.0.0.1'), {
    name: 'UsageError',
    message: "there is no target 'webiste'; did you mean website?",
  });
});
