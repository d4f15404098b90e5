import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sessions } from '../../src/recording/sessions.ts';

test('a pause is from the end of a request to the begin of the next one of the same client', () => {
  const sessions = new Sessions({ gap: 1000, clients: 10 });
  sessions.add('a', 1, 0, 100);
  sessions.add('b', 1, 50, 60);
  sessions.add('a', 2, 350, 400);
  assert.equal(sessions.count, 2);
  assert.equal(sessions.pauses.count, 1);
  assert.equal(sessions.pauses.mean, 0.25);
});

test('requests that run at once have no pause, and the last end counts', () => {
  const sessions = new Sessions({ gap: 1000, clients: 10 });
  sessions.add('a', 1, 0, 500);
  sessions.add('a', 2, 10, 20);
  sessions.add('a', 3, 600, 600);
  assert.equal(sessions.pauses.count, 2);
  assert.equal(sessions.pauses.mean, 0.05);
});

test('a client that was silent for too long begins a new session: nothing of the old one goes on', () => {
  const sessions = new Sessions({ gap: 1000, clients: 10 });
  sessions.add('a', 1, 0, 0);
  sessions.add('a', 2, 1001, 1001);
  sessions.add('a', 3, 2001, 2001);
  assert.equal(sessions.count, 2);
  assert.deepEqual([...sessions.followers((id) => id)], [[2, new Map([[3, 1]])]]);
});

test('followers are counted under the names that endpoints have in the end', () => {
  const sessions = new Sessions({ gap: 1000, clients: 10 });
  for (const [at, id] of [1, 2, 3, 4].entries()) sessions.add('a', id, at, at);
  const even = (id: number): number => id % 2;
  assert.deepEqual(
    sessions.followers(even),
    new Map([
      [1, new Map([[0, 2]])],
      [0, new Map([[1, 1]])],
    ]),
  );
});

test('only so many clients are remembered, and sessions that may have been cut are counted', () => {
  const sessions = new Sessions({ gap: 1000, clients: 10 });
  for (let client = 0; client < 100; client++) sessions.add(`client ${client}`, 1, client, client);
  assert.equal(sessions.cut, 90);
  sessions.add('client 0', 1, 100, 100);
  assert.equal(sessions.count, 101);
  const late = new Sessions({ gap: 1000, clients: 10 });
  for (let client = 0; client < 100; client++) late.add(`client ${client}`, 1, client * 1001, client * 1001);
  assert.ok(late.cut < 100 && late.cut === 0, String(late.cut));
});
