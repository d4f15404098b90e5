import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import fc from 'fast-check';
import { workerId } from '../../src/protocol/identity.ts';

test('a worker id is the name of the host and 32 hex digits', () => {
  assert.match(workerId('pod-3'), /^pod-3_[0-9a-f]{32}$/);
  assert.ok(workerId().startsWith(`${hostname()}_`));
});

test('no two workers have the same id', () => {
  const ids = Array.from({ length: 1000 }, () => workerId('pod-3'));
  assert.equal(new Set(ids).size, ids.length);
});

test('any host name makes an identity that ZeroMQ takes', () => {
  const names = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ maxLength: 400 }),
    fc.constant('\0\0'),
  );
  fc.assert(
    fc.property(names, (name) => {
      const id = workerId(name);
      const bytes = Buffer.from(id);
      assert.ok(bytes.length <= 255 && bytes[0] !== 0);
      assert.equal(bytes.toString(), id);
      assert.match(id, /_[0-9a-f]{32}$/);
    }),
    { numRuns: 1000 },
  );
});

test('a long name is cut between two characters', () => {
  assert.equal(workerId('é'.repeat(200)).split('_')[0], 'é'.repeat(111));
  assert.equal(workerId(`x${'漢'.repeat(200)}`).split('_')[0], `x${'漢'.repeat(73)}`);
});
