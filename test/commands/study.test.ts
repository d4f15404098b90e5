import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Arguments } from '../../src/commands/arguments.ts';
import { study } from '../../src/commands/study.ts';
import { studyOfFlags, withFlags } from '../../src/commands/study-flags.ts';
import { LocalDriver } from '../../src/commands/study-local.ts';
import { checkOptions } from '../../src/commands/study-options.ts';
import { planText } from '../../src/commands/study-plan.ts';
import { UsageError } from '../../src/errors.ts';
import { planOf } from '../../src/study/plan.ts';
import type { StudySettings } from '../../src/study/settings.ts';
import { projectFolder } from '../tools/katydid.ts';

const settingsOf = (given: Record<string, unknown>): StudySettings => {
  const args: Arguments = { _: [], ...given };
  return withFlags(studyOfFlags(args), args);
};

test('a study of flags alone', () => {
  const settings = settingsOf({
    users: '1,2,5',
    duration: '20s',
    locustfile: 'users.ts',
    host: 'http://api',
    repeats: 2,
  });
  assert.deepEqual(settings.marks, [{ users: [1, 2, 5], spawnRates: [1], duration: 20 }]);
  assert.deepEqual([settings.host, settings.repeats, settings.master], ['http://api', 2, null]);
});

test('a user and a password in the URL of a master are its login', () => {
  const { master } = settingsOf({ users: '1', master: 'http://ada:s%20cret@load:8089/base/' });
  assert.equal(master?.url, 'http://load:8089/base');
  assert.deepEqual([master?.login?.username, master?.login?.password], ['ada', 's cret']);
});

test('the quick form takes eight seconds each, and no longer ramps', () => {
  const settings = settingsOf({ users: '1,100', duration: '2m', locustfile: 'users.ts', quick: true });
  assert.deepEqual(settings.marks, [{ users: [1, 100], spawnRates: [10], duration: 8 }]);
});

test('the plan tells what would be run, and how long it takes', () => {
  const settings = settingsOf({ users: '1,10', duration: '30s', locustfile: 'users.ts' });
  const text = planText(planOf(settings), settings);
  assert.match(text, /^study: 2 marks, about 1 min \d\d s, on this machine: users\.ts$/m);
  assert.match(text, /^ +10 users, 1 a second, settle 5 s, measure 30 s$/m);
});

test('what is missing or wrong is one line', async () => {
  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /a study\.yaml is needed, or users/],
    [['--users', '1,2'], /a master is needed .* or a user file/],
    [['--users', 'many', '-f', 'users.ts'], /--users is 'many'/],
    [['--users', '1', '-f', 'users.ts', '--duration', 'long'], /--duration is 'long'/],
    [['--users', '1', '-f', 'users.ts', '-r', '0'], /--spawn-rate is 0/],
    [['--users', '1', '--master', 'localhost'], /--master is 'localhost'/],
    [['--users', '1', '-f', 'users.ts', '--resume', '--force'], /one is possible/],
    [['--user', '1'], /unknown flag --user; did you mean --users\?/],
    [['nowhere.yaml'], /nowhere\.yaml cannot be read/],
    [['a.yaml', 'b.yaml'], /'b\.yaml' is not understood/],
    [['a.yaml', '--users', '1'], /--users is for studies without a file/],
    [['compare', 'one'], /two studies are needed/],
  ];
  for (const [argv, pattern] of refusals) {
    await assert.rejects(study(argv), (error: Error) => {
      assert.ok(error instanceof UsageError, error.stack);
      assert.match(error.message, pattern);
      return true;
    });
  }
});

test('a wrong key of the file is told with its line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-study-'));
  try {
    const file = join(folder, 'study.yaml');
    writeFileSync(file, 'locustfile: users.ts\nmarks: [{ users: 1 }]\nrepeat: 2\n');
    await assert.rejects(study([file]), /study\.yaml:3: unknown key repeat; did you mean repeats\?$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a master that is not there costs no earlier study', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-study-'));
  try {
    const marks = join(folder, 'marks.jsonl');
    writeFileSync(marks, '{}\n');
    const closed = ['--users', '1', '--master', 'http://127.0.0.1:9', '-o', folder, '--force'];
    await assert.rejects(study(closed), /the master at http:\/\/127\.0\.0\.1:9 does not answer/);
    assert.equal(readFileSync(marks, 'utf8'), '{}\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('an option that no user has is told by its key', () => {
  const specs = { maxTokens: { default: 1 } };
  checkOptions({ max_tokens: '2', 'max-tokens': '2', 'stop-timeout': '1' }, specs);
  assert.throws(() => checkOptions({ stop_timeot: '1' }, specs), {
    name: 'UsageError',
    message: 'unknown key options.stop_timeot in the study; did you mean options.stop-timeout?',
  });
});

test('without a master the worker is there between two marks, so that nobody waits for it', async () => {
  const locustfile = join(projectFolder, 'users', 'stress.ts');
  const { state, workers } = await new LocalDriver(settingsOf({ users: '1', locustfile })).read();
  assert.deepEqual([state, workers.map((worker) => worker.state)], ['ready', ['ready']]);
});
