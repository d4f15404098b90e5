import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Link } from '../../src/runner/link.ts';

/** A link that was acknowledged and answered at second 100. */
function answered(): Link {
  const link = new Link();
  link.acknowledged(99);
  link.answered(100);
  return link;
}

test('a master that never answers heartbeats is old, not lost', () => {
  const link = new Link();
  link.acknowledged(0);
  assert.equal(link.lost(10_000, false), undefined);
  assert.equal(link.lost(10_000, true), undefined);
});

test('a test goes on for a minute without a word of the master, as in Locust', () => {
  const link = answered();
  assert.equal(link.lost(159.9, true), undefined);
  assert.equal(link.lost(160, true), 'the master has been silent for 60 s');
});

test('a worker without users asks anew after five seconds', () => {
  const link = answered();
  assert.equal(link.lost(104.9, false), undefined);
  assert.equal(link.lost(105, false), 'the master has been silent for 5 s');
});

test('each answer starts the time again', () => {
  const link = answered();
  link.answered(150);
  assert.equal(link.lost(205, true), undefined);
});

test('an acknowledgement counts as an answer', () => {
  const link = answered();
  link.acknowledged(200);
  assert.equal(link.lost(204, false), undefined);
  assert.notEqual(link.lost(206, false), undefined);
});

test('after a new connection a master that knows the worker has five seconds to answer, whatever runs', () => {
  const link = answered();
  link.reconnected(110);
  assert.equal(link.lost(114.9, true), undefined);
  assert.match(link.lost(115, true) ?? '', /restarted/);
});

test('an answer after a new connection says that the master is the same', () => {
  const link = answered();
  link.reconnected(110);
  link.answered(111);
  assert.equal(link.lost(116, true), undefined);
});

test('of an old master a new connection is all there is to go by', () => {
  const link = new Link();
  link.acknowledged(0);
  link.reconnected(50);
  assert.match(link.lost(50.5, true) ?? '', /lost and made again/);
  link.acknowledged(51);
  assert.equal(link.lost(52, true), undefined);
});
