import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remarksOf } from '../../src/study/conclusion.ts';
import { findingOf } from '../../src/study/finding.ts';
import type { Mark } from '../../src/study/mark.ts';
import { resultOf } from '../../src/study/result.ts';
import { madeSettings } from './made-driver.ts';
import { made } from './simulated.ts';

const limits = { failRatio: 0.01 };

test('marks of several spawn rates that are taken together are told of', () => {
  const at = (users: number, spawnRate: number): Mark => ({
    ...made({ users, rps: 10, average: 100 * users }),
    spawnRate,
  });
  const told = remarksOf(findingOf([at(1, 1), at(5, 1), at(5, 20)], { limits }));
  assert.match(told.join(), /^Users were started at 1 and 20 a second: marks with as many users are taken together/);
  assert.deepEqual(remarksOf(findingOf([at(1, 1), at(5, 20)], { limits })), []);
});

test('where no host was given to a master, it is told that nobody knows which one was measured', () => {
  const remarksWith = (host: string | null): readonly string[] => {
    const master = { url: 'http://master', headers: {}, isInsecure: false };
    const settings = madeSettings({ master, host });
    const facts = { startTime: 0, endTime: 1, versions: {}, planned: 1, missing: 0, troubles: [] };
    return resultOf({ ...facts, settings, marks: [made({ users: 1, rps: 10, average: 100 })] }).remarks;
  };
  assert.match(remarksWith(null).join(), /^No host was given: the users took the one/);
  assert.deepEqual(remarksWith('http://api'), []);
});
