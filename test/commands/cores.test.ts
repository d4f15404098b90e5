import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { allowedCores } from '../../src/commands/cores.ts';

const machine = availableParallelism();
const v2 = '/sys/fs/cgroup/cpu.max';
const v1 = { quota: '/sys/fs/cgroup/cpu/cpu.cfs_quota_us', period: '/sys/fs/cgroup/cpu/cpu.cfs_period_us' };

/** The cores under a kernel that has these files. */
function cores(files: Readonly<Record<string, string>>): number {
  return allowedCores((path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT ${path}`);
    return text;
  });
}

test('without a quota all cores of the machine are allowed', () => {
  assert.equal(cores({}), machine);
  assert.equal(cores({ [v2]: 'max 100000\n' }), machine);
  assert.equal(cores({ [v1.quota]: '-1\n', [v1.period]: '100000\n' }), machine);
});

test('a part of a core is one', () => {
  assert.equal(cores({ [v2]: '50000 100000\n' }), 1);
  assert.equal(cores({ [v2]: '1000 100000\n' }), 1);
});

test('one core and a half are two, if the machine has them', () => {
  assert.equal(cores({ [v2]: '150000 100000\n' }), Math.min(2, machine));
});

test('a quota beyond the machine is the machine', () => {
  assert.equal(cores({ [v2]: '99900000 100000\n' }), machine);
});

test('older kernels have quota and period in files of their own', () => {
  assert.equal(cores({ [v1.quota]: '100000\n', [v1.period]: '100000\n' }), 1);
  assert.equal(cores({ [v1.quota]: '50000\n', [v1.period]: '50000\n' }), 1);
});

test('what cannot be read is no quota', () => {
  assert.equal(cores({ [v2]: 'nonsense' }), machine);
  assert.equal(cores({ [v2]: '' }), machine);
});

test('the period may be another than 100 ms', () => {
  assert.equal(cores({ [v2]: '20000 20000\n' }), 1);
});
