import assert from 'node:assert/strict';
import { test } from 'node:test';
import { camelCase, takeOptions } from '../../src/runner/options.ts';
import type { ParsedOptions } from '../../src/user/options.ts';
import { options } from '../swarm/options.ts';

const take = (
  fromMaster: Record<string, unknown>,
  current: ParsedOptions = options,
  own: ParsedOptions = options,
): ParsedOptions => takeOptions(current, new Map(Object.entries(fromMaster)), own);

test('custom arguments come over by their camelCase names', () => {
  const taken = take({ max_tokens: 5, tenant: 'acme', dry_run: true, cards: ['a', 'b'], nothing: null });
  assert.deepEqual(taken, { ...options, maxTokens: 5, tenant: 'acme', dryRun: true, cards: ['a', 'b'], nothing: null });
});

test("Locust's own options stay what they are on this worker", () => {
  const taken = take({
    host: 'http://x',
    num_users: 9,
    users: 9,
    spawn_rate: 9,
    run_time: 9,
    worker: false,
    locustfile: 'x.py',
    profile: 'p',
    hatch_rate: 1,
    loglevel: 'DEBUG',
    stop_timeout: 9,
    user_classes: [],
  });
  assert.deepEqual(taken, options);
});

test('tags and the number of workers are the master’s', () => {
  const taken = take({ tags: ['a'], exclude_tags: ['b'], expect_workers: 7 });
  assert.deepEqual([taken.tags, taken.excludeTags, taken.expectWorkers], [['a'], ['b'], 7]);
});

test('tags of a test before do not last when the master has none', () => {
  const first = take({ tags: ['a'], exclude_tags: ['b'] });
  assert.deepEqual(take({ tags: null, exclude_tags: null }, first), options);
});

test('tags of this worker’s own command line hold where the master has none', () => {
  const own = { ...options, tags: ['mine'] };
  assert.deepEqual(take({ tags: null }, own, own).tags, ['mine']);
  assert.deepEqual(take({ tags: ['its'] }, own, own).tags, ['its']);
});

test('a custom value stays if a later order does not name it', () => {
  assert.equal(take({ other: 1 }, take({ tenant: 'acme' })).tenant, 'acme');
});

test('names that every object has are names like any other', () => {
  const taken = take(JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}'));
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  assert.equal(Object.getPrototypeOf(taken), Object.prototype);
  assert.equal(Object.entries(taken).find(([name]) => name === 'constructor')?.[1], 2);
});

test("Python's spelling of a name becomes that of TypeScript", () => {
  const names = ['max_tokens', 'tenant', 'a_b_c', 'x1y2', 'retry_2'].map(camelCase);
  assert.deepEqual(names, ['maxTokens', 'tenant', 'aBC', 'x1y2', 'retry2']);
});
