import type { ParsedOptions } from '../../src/user/options.ts';

/** What a worker knows before the first test. */
export const options: ParsedOptions = {
  worker: true,
  tags: null,
  excludeTags: null,
  expectWorkers: 1,
  numUsers: null,
  spawnRate: null,
  runTime: null,
};
