import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Arguments, flagsOf, parser } from '../../src/commands/arguments.ts';
import { allFlags } from '../../src/commands/flags.ts';
import { givenOptions } from '../../src/commands/whole-run.ts';
import { defineOptions, type OptionSpecs } from '../../src/user/options.ts';

const { specs } = defineOptions({
  apiKey: { default: 'none', secret: true },
  tenant: { default: 'acme' },
});

function given(argv: readonly string[], env: Record<string, string> = {}): Record<string, string> {
  const own = specs as OptionSpecs;
  const args = parser(argv, { ...allFlags, ...flagsOf(own) }, env).parseSync() as Arguments;
  return Object.fromEntries(givenOptions(args, own));
}

test('the options of a run are those that were given, by flag or variable', () => {
  const argv = ['-f', 'users.ts', '--headless', '-u', '5', '--tags', 'a', 'b', '--fail-if', 'p95>1s', '--tenant', 'x'];
  assert.deepEqual(given(argv, { LOCUST_SPAWN_RATE: '2' }), {
    locustfile: 'users.ts',
    headless: 'true',
    users: '5',
    'spawn-rate': '2',
    tags: 'a, b',
    'fail-if': 'p95>1s',
    tenant: 'x',
  });
});

test('a secret is masked', () => {
  assert.deepEqual(given(['--api-key', 'hunter2']), { 'api-key': '********' });
});

test('so is a password in a host', () => {
  assert.equal(given(['-H', 'https://me:hunter2@host:8443/x']).host, 'https://me:********@host:8443/x');
});

test('chosen user classes are named', () => {
  assert.equal(given(['-u', '1', 'A', 'B'])['user classes'], 'A, B');
});
