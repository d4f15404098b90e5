import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Client } from 'aedes';
import { platforms } from '../../../src/devices/platforms.ts';
import { TopicRights } from '../../../src/targets/echo/rights.ts';
import { Session } from '../../../src/targets/echo/session.ts';

const gcp = platforms.get('gcp');
assert.ok(gcp);
const rights = new TopicRights(gcp, { device: 'LTK00001' });
const day = 86_400_000;

/** A session whose token ends after so many ms, and how often it was said to have ended. */
function begin(t: TestContext, life: number | undefined): { readonly session: Session; readonly ends: () => number } {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  let count = 0;
  const session = new Session({} as Client, admission(life), rights, () => count++);
  return { session, ends: () => count };
}

function admission(life: number | undefined) {
  return { device: 'LTK00001', values: {}, endsAt: life === undefined ? undefined : Date.now() + life };
}

test('a session ends with its token, once', (t) => {
  const { ends } = begin(t, 1000);
  t.mock.timers.tick(999);
  assert.equal(ends(), 0);
  t.mock.timers.tick(1);
  assert.equal(ends(), 1);
  t.mock.timers.tick(day);
  assert.equal(ends(), 1);
});

test('a fresh token takes the place of the old one', (t) => {
  const { session, ends } = begin(t, 1000);
  t.mock.timers.tick(800);
  session.renew(admission(1000));
  t.mock.timers.tick(999);
  assert.equal(ends(), 0);
  t.mock.timers.tick(1);
  assert.equal(ends(), 1);
});

test('a session without an end, or that is closed, does not end', (t) => {
  const { session, ends } = begin(t, undefined);
  t.mock.timers.tick(day);
  session.renew(admission(1000));
  session.close();
  t.mock.timers.tick(day);
  assert.equal(ends(), 0);
});

test('a token may live longer than a timer of Node can wait', (t) => {
  const { ends } = begin(t, 30 * day);
  t.mock.timers.tick(30 * day - 1);
  assert.equal(ends(), 0);
  t.mock.timers.tick(1);
  assert.equal(ends(), 1);
});
