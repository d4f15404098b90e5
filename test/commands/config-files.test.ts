import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Arguments, check, parser } from '../../src/commands/arguments.ts';
import { only, readConfigFiles } from '../../src/commands/config-files.ts';
import { allFlags } from '../../src/commands/flags.ts';
import { UsageError } from '../../src/errors.ts';
import { findLocust, type Locust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { run } from '../tools/run.ts';

type Env = Record<string, string>;

/** A folder with these files; those of `home/` are in the home folder. */
class Place {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'katydid-config-'));
  readonly home: string = join(this.folder, 'home');

  constructor(t: TestContext, files: Readonly<Record<string, string>>) {
    t.after(() => rmSync(this.folder, { recursive: true }));
    mkdirSync(this.home);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.folder, name), text);
  }

  /** The arguments of a command line in this folder. */
  read(line = '', env: Env = {}): Arguments {
    const argv = line === '' ? [] : line.split(' ');
    const settings = readConfigFiles(argv, this);
    const args = parser(argv, allFlags, env, settings).parseSync() as Arguments;
    check(args, allFlags, settings);
    return args;
  }

  refusal(line = '', env: Env = {}): string {
    try {
      this.read(line, env);
    } catch (thrown) {
      assert.ok(thrown instanceof UsageError, String(thrown));
      return thrown.message.replaceAll(`${this.folder}/`, '');
    }
    throw new Error('it was not refused');
  }

  /** The same command line, for Locust. */
  asked(line = '', env: Env = {}): Asked {
    return { folder: this.folder, home: this.home, argv: line === '' ? [] : line.split(' '), env };
  }
}

/** A command line in a folder. */
interface Asked {
  readonly folder: string;
  readonly home: string;
  readonly argv: readonly string[];
  readonly env: Env;
}

/** What Locust reads in each of the cases; null where it refuses. */
async function answersOf(locust: Locust, t: TestContext, cases: readonly Asked[]): Promise<readonly Answer[]> {
  const { folder } = new Place(t, { cases: cases.map((each) => JSON.stringify(each)).join('\n') });
  const script = fileURLToPath(new URL('config.py', import.meta.url));
  await run(locust.python, [script, join(folder, 'cases'), join(folder, 'answers')]);
  const lines = readFileSync(join(folder, 'answers'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Answer);
}

type Answer = Readonly<Record<string, unknown>> | null;

const conf = (t: TestContext, text: string): Place => new Place(t, { 'locust.conf': text });

/** What a file says, beside what Locust makes of the same file. */
const lines: readonly (readonly [text: string, expected: Readonly<Record<string, unknown>>])[] = [
  ['users = 5', { users: 5 }],
  ['users: 5', { users: 5 }],
  ['users 5', { users: 5 }],
  ['users=5', { users: 5 }],
  ['--users 5', { users: 5 }],
  ['  users   =   5  ', { users: 5 }],
  ['users = 5 # as many', { users: 5 }],
  ['users = 5 ; as many', { users: 5 }],
  ['# users = 5', {}],
  ['; users = 5', {}],
  ['[section]\nusers = 5', { users: 5 }],
  ['---\nusers = 5', { users: 5 }],
  ['users = 5\nusers = 6', { users: 6 }],
  ['headless', { headless: true }],
  ['--headless', { headless: true }],
  ['headless = true', { headless: true }],
  ['headless = Yes', { headless: true }],
  ['headless = on', { headless: true }],
  ['headless = 1', { headless: true }],
  ['host = "http://a:1/x"', { host: 'http://a:1/x' }],
  ["host = 'http://a:1/x'", { host: 'http://a:1/x' }],
  ['host = http://a:1/x?y=z#f', { host: 'http://a:1/x?y=z#f' }],
  ['host: http://a:1', { host: 'http://a:1' }],
  ['tags = [a, b]', { tags: ['a', 'b'] }],
  ['tags = ["a b", "c"]', { tags: ['a b', 'c'] }],
  ['tags = a', { tags: ['a'] }],
  ['tags =', {}],
  ['host =', { host: '' }],
  ['spawn-rate = 2.5', { spawnRate: 2.5 }],
  ['csv = out/x\r\nusers = 2\r\n', { csv: 'out/x', users: 2 }],
  ['config = other.conf', {}],
];

for (const [text, expected] of lines) {
  test(`locust.conf with ${JSON.stringify(text)} says ${JSON.stringify(expected)}`, (t) => {
    const args = conf(t, text).read();
    for (const name of ['users', 'headless', 'host', 'tags', 'spawnRate', 'csv']) {
      assert.deepEqual(args[name], expected[name], name);
    }
  });
}

const layers = {
  'home/.locust.conf': 'host = home',
  'locust.conf': 'host = here',
  'pyproject.toml': '[tool.locust]\nhost = "pyproject"',
  'given.conf': 'host = given',
};
const orders: readonly (readonly [files: readonly (keyof typeof layers)[], line: string, env: Env, host: string])[] = [
  [['home/.locust.conf'], '', {}, 'home'],
  [['home/.locust.conf', 'locust.conf'], '', {}, 'here'],
  [['home/.locust.conf', 'pyproject.toml'], '', {}, 'pyproject'],
  [['home/.locust.conf', 'locust.conf', 'pyproject.toml'], '', {}, 'pyproject'],
  [['locust.conf', 'pyproject.toml', 'given.conf'], '--config given.conf', {}, 'given'],
  [['locust.conf', 'given.conf'], '--config=given.conf', {}, 'given'],
  [['locust.conf', 'given.conf'], '--config given.conf', { LOCUST_HOST: 'environment' }, 'environment'],
  [['locust.conf', 'given.conf'], '--config given.conf --host flag', { LOCUST_HOST: 'environment' }, 'flag'],
];

const layered = (t: TestContext, files: readonly (keyof typeof layers)[]): Place =>
  new Place(t, Object.fromEntries(files.map((name) => [name, layers[name]])));

for (const [files, line, env, host] of orders) {
  test(`of ${[...files, ...Object.keys(env), line].join(', ')} the host ${host} counts`, (t) => {
    assert.equal(layered(t, files).read(line, env).host, host);
  });
}

test('a file may be named by its whole path', (t) => {
  const place = new Place(t, { 'given.conf': 'users = 4' });
  assert.equal(place.read(`--config ${join(place.folder, 'given.conf')}`).users, 4);
});

test('a later file says only what it says', (t) => {
  const place = new Place(t, { 'locust.conf': 'users = 3\nspawn-rate = 2', 'given.conf': 'users = 4' });
  const { users, spawnRate } = place.read('--config given.conf');
  assert.deepEqual([users, spawnRate], [4, 2]);
});

test('a flag that a file sets is unset by the environment', (t) => {
  assert.equal(conf(t, 'headless = true').read('', { LOCUST_HEADLESS: 'no' }).headless, false);
});

test('TOML has its kinds', (t) => {
  const text = '[tool.locust]\nusers = 5\nspawn-rate = 0.5\nheadless = true\ntags = ["a", "b c"]\nrun-time = "1m"';
  const { users, spawnRate, headless, tags, runTime } = new Place(t, { 'pyproject.toml': text }).read();
  assert.deepEqual([users, spawnRate, headless, tags, runTime], [5, 0.5, true, ['a', 'b c'], '1m']);
});

test('a pyproject.toml of others is none of ours', (t) => {
  assert.equal(new Place(t, { 'pyproject.toml': '[project]\nname = "x"\nusers = 7' }).read().users, undefined);
});

test('a list of thresholds is one each', (t) => {
  const place = new Place(t, { 'pyproject.toml': '[tool.locust]\nfail-if = ["p95>500ms", "fail_ratio>1%"]' });
  assert.deepEqual(place.read().failIf, ['p95>500ms', 'fail_ratio>1%']);
});

const refusals = [
  ['userz = 5', 'unknown key userz in locust.conf; did you mean users?'],
  ['spawn_rate = 5', 'unknown key spawn_rate in locust.conf; did you mean spawn-rate?'],
  ['frobnicate = 5', 'unknown key frobnicate in locust.conf'],
  ['users = many', '--users must be one number; a text was given'],
  ['users =', '--users must be one number; a text was given'],
  ['users = [1, 2]', 'users in locust.conf is a list; one value is expected'],
  ['= 5', "line 1 of locust.conf is '= 5'; key = value is expected"],
  ['headless = maybe', "headless in locust.conf is 'maybe'; 1, true, yes, on, 0, false, no, off are possible"],
] as const;

for (const [text, message] of refusals) {
  test(`'${text}' is refused: ${message}`, (t) => {
    assert.equal(conf(t, text).refusal(), message);
  });
}

test('Locust reads the same out of all these files, and refuses the same', async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const places = lines.map(([text]) => conf(t, text));
  const cases = [
    ...places.map((place) => place.asked()),
    ...orders.map(([files, line, env]) => layered(t, files).asked(line, env)),
    ...refusals.map(([text]) => conf(t, text).asked()),
  ];
  const answers = await answersOf(locust, t, cases);
  const names = { users: 'num_users', headless: 'headless', host: 'host', tags: 'tags', spawnRate: 'spawn_rate' };
  for (const [at, place] of places.entries()) {
    const own = place.read();
    for (const [ownName, name] of Object.entries(names)) {
      const value = own[ownName] ?? (name === 'headless' ? false : null);
      assert.deepEqual(value, answers[at]?.[name], `${name} of ${lines[at]?.[0]}`);
    }
  }
  const hosts = answers.slice(lines.length, lines.length + orders.length).map((answer) => answer?.host);
  assert.deepEqual(
    hosts,
    orders.map(([, , , host]) => host),
  );
  assert.deepEqual(
    answers.slice(lines.length + orders.length),
    refusals.map(() => null),
  );
});

test('a file that is not there is refused', (t) => {
  assert.match(
    new Place(t, {}).refusal('--config nope.conf'),
    /^the configuration file nope\.conf cannot be read: ENOENT/,
  );
});

test('TOML that is none is refused', (t) => {
  assert.match(new Place(t, { 'pyproject.toml': 'users = = 5' }).refusal(), /^pyproject\.toml is no TOML: /);
});

test('a table within the table is refused', (t) => {
  const place = new Place(t, { 'pyproject.toml': '[tool.locust]\nusers = { a = 1 }' });
  assert.match(place.refusal(), /^users in pyproject\.toml is a table/);
});

test('a broken file keeps nobody from the help', (t) => {
  assert.equal(readConfigFiles(['--help'], conf(t, '= 5')).size, 0);
});

test('what a command does not know can be left out', (t) => {
  const place = conf(t, 'users = 5\nheadless');
  const settings = only(readConfigFiles([], place), (key) => key === 'users');
  assert.deepEqual([...settings.keys()], ['users']);
});
