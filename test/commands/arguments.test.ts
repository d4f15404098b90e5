import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Arguments, check, flagsOf, parseDuration, parser, valuesOf } from '../../src/commands/arguments.ts';
import { allFlags, type Flag } from '../../src/commands/flags.ts';
import { UsageError } from '../../src/errors.ts';
import { defineOptions, type OptionSpecs } from '../../src/user/options.ts';

type Flags = Readonly<Record<string, Flag>>;

/** The arguments of a command line, checked. */
function parse(line: string, env: Record<string, string> = {}, flags: Flags = allFlags): Arguments {
  const args = parser(line === '' ? [] : line.split(' '), flags, env).parseSync() as Arguments;
  check(args, flags);
  return args;
}

function refusal(...given: Parameters<typeof parse>): string {
  try {
    parse(...given);
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError, String(thrown));
    return thrown.message;
  }
  throw new Error('it was not refused');
}

test('a flag is read by its long and its short name', () => {
  assert.equal(parse('--locustfile a.ts').locustfile, 'a.ts');
  assert.equal(parse('-f a.ts').locustfile, 'a.ts');
  assert.equal(parse('--locustfile=a.ts').locustfile, 'a.ts');
});

test('what is not given has its usual value, or none', () => {
  const { processes, masterHost, masterPort, loglevel, locustfile, tags } = parse('');
  assert.deepEqual([processes, masterHost, masterPort, loglevel], [1, '127.0.0.1', 5557, 'INFO']);
  assert.deepEqual([locustfile, tags], [undefined, undefined]);
});

test("Locust's variables set the flags, each in its kind", () => {
  const args = parse('', {
    LOCUST_MODE_WORKER: 'True',
    LOCUST_MASTER_NODE_HOST: 'master',
    LOCUST_MASTER_NODE_PORT: '5777',
    LOCUST_TAGS: 'a b,c',
    LOCUST_RESET_STATS: '0',
  });
  const { worker, masterHost, masterPort, tags, resetStats } = args;
  assert.deepEqual([worker, masterHost, masterPort, tags, resetStats], [true, 'master', 5777, ['a', 'b', 'c'], false]);
});

test('the command line wins over a variable, and that over the usual value', () => {
  const env = { LOCUST_LOGLEVEL: 'DEBUG', LOCUST_PROCESSES: '3' };
  assert.equal(parse('--loglevel ERROR', env).loglevel, 'ERROR');
  assert.equal(parse('--loglevel ERROR', env).processes, 3);
});

test('an empty variable is none', () => {
  assert.equal(parse('', { LOCUST_MASTER_NODE_HOST: '' }).masterHost, '127.0.0.1');
});

test('the last of a flag that is given twice counts', () => {
  assert.equal(parse('--master-host a --master-host b').masterHost, 'b');
});

test('tags take all words up to the next flag, as in Locust', () => {
  const { tags, excludeTags } = parse('--tags a b -E c --worker');
  assert.deepEqual([tags, excludeTags], [['a', 'b'], ['c']]);
});

test('texts that look like numbers stay texts', () => {
  assert.deepEqual(parse('--tags 007 1e3').tags, ['007', '1e3']);
  assert.equal(parse('--master-host 10').masterHost, '10');
});

for (const [given, meant] of [
  ['--mastr-host x', '--master-host'],
  ['--exlude-tags a', '--exclude-tags'],
  ['--wroker', '--worker'],
  ['--max-conect-time 3', '--max-connect-time'],
] as const) {
  test(`${given} is refused, with ${meant} as what was meant`, () => {
    assert.equal(refusal(given), `unknown flag ${given.split(' ')[0]}; did you mean ${meant}?`);
  });
}

test('a flag that is near to none is refused, with where to look', () => {
  assert.equal(refusal('--frobnicate 3'), "unknown flag --frobnicate; 'katydid --help' lists them");
  assert.equal(refusal('-Z'), "unknown flag -Z; 'katydid --help' lists them");
  assert.equal(refusal('--Frobnicate'), "unknown flag --Frobnicate; 'katydid --help' lists them");
  assert.match(refusal('--no-worker'), /^unknown flag --no-worker/);
});

test('flags that Locust refuses, or that only its master has, are refused with what to do', () => {
  assert.match(refusal('--master'), /run 'locust --master', or 'katydid up'/);
  assert.match(refusal('--slave'), /--worker/);
  assert.match(refusal('--web-auth a:b'), /--web-login/);
});

test("flags of Locust's master are accepted, so that its command lines work", () => {
  parse('--headless -u 5 -r 1 -t 1m --csv x --html y.html --expect-workers 3 --class-picker --autostart -H http://x');
});

for (const line of ['--master-port x', '--users many', '--max-connect-time 1s', '--processes NaN']) {
  test(`${line} is refused: it is no number`, () => {
    assert.match(refusal(line), new RegExp(`^${line.split(' ')[0]} must be one number`));
  });
}

test('a variable that is no number is refused too', () => {
  assert.match(refusal('', { LOCUST_MASTER_NODE_PORT: '5557x' }), /^--master-port must be one number/);
});

test('a flag without its value is refused', () => {
  assert.match(refusal('--master-host'), /master-host/);
  assert.match(refusal('--master-host --worker'), /master-host/);
});

// Locust 2.47's parse_timespan gives these.
for (const [given, seconds] of [
  ['20', 20],
  ['0', 0],
  ['007', 7],
  ['20s', 20],
  ['3m', 180],
  ['90m', 5400],
  ['2h', 7200],
  ['1h20m', 4800],
  ['1h1s', 3601],
  ['1h30m10s', 5410],
  ['3h30m10s', 12610],
] as const) {
  test(`the time ${given} is ${seconds} s, as for Locust`, () => {
    assert.equal(parseDuration(given, '--run-time'), seconds);
  });
}

test('a time may have decimals, which Locust refuses', () => {
  assert.equal(parseDuration('1.5', '--stop-timeout'), 1.5);
  assert.equal(parseDuration('1m0.5s', '--stop-timeout'), 60.5);
});

for (const given of ['', ' ', 's', '10x', '10sfoo', '-5', '1d', '1H', '1m1h', '2m30', '1,5', 'abc', '1h 30m']) {
  test(`the time '${given}' is refused, as by Locust`, () => {
    assert.throws(() => parseDuration(given, '--run-time'), {
      name: 'UsageError',
      message: `--run-time is '${given}'; a time such as 20, 20s, 3m, 2h or 1h30m10s is expected`,
    });
  });
}

test('times on the command line are checked', () => {
  assert.match(refusal('--run-time 10x'), /^--run-time is '10x'/);
  assert.match(refusal('-s soon'), /^--stop-timeout is 'soon'/);
  assert.match(refusal('', { LOCUST_RUN_TIME: 'x' }), /^--run-time is 'x'/);
});

const { specs } = defineOptions({
  tenant: { default: 'acme', choices: ['acme', 'globex'], help: 'whose shop' },
  maxTokens: { default: 100, short: 'm' },
  dryRun: { default: false },
  cards: { default: ['visa'], multiple: true },
  apiKey: { default: 'none', secret: true, env: 'SHOP_KEY' },
  region: { default: null },
});
const ofUser = (line: string, env: Record<string, string> = {}): Record<string, unknown> =>
  valuesOf(specs as OptionSpecs, parse(line, env, { ...allFlags, ...flagsOf(specs) }));

test('options of the user file have their defaults', () => {
  assert.deepEqual(ofUser(''), {
    tenant: 'acme',
    maxTokens: 100,
    dryRun: false,
    cards: ['visa'],
    apiKey: 'none',
    region: null,
  });
});

test('options of the user file are flags', () => {
  assert.deepEqual(ofUser('--tenant globex --max-tokens 5 --dry-run --cards amex jcb --api-key 42 --region eu'), {
    tenant: 'globex',
    maxTokens: 5,
    dryRun: true,
    cards: ['amex', 'jcb'],
    apiKey: '42',
    region: 'eu',
  });
  assert.equal(ofUser('-m 7').maxTokens, 7);
});

test('options of the user file are variables, LOCUST_ and their name or the one declared', () => {
  const env = {
    LOCUST_TENANT: 'globex',
    LOCUST_MAX_TOKENS: '9',
    LOCUST_DRY_RUN: 'true',
    SHOP_KEY: 'k',
    LOCUST_CARDS: 'a,b',
  };
  const { tenant, maxTokens, dryRun, apiKey, cards } = ofUser('', env);
  assert.deepEqual([tenant, maxTokens, dryRun, apiKey, cards], ['globex', 9, true, 'k', ['a', 'b']]);
  assert.equal(ofUser('--tenant acme', env).tenant, 'acme');
});

test('a value that is none of the choices is refused', () => {
  assert.throws(() => ofUser('--tenant initech'), { name: 'UsageError' });
  assert.throws(() => ofUser('', { LOCUST_TENANT: 'initech' }), { name: 'UsageError' });
});

test('choices of a number are numbers', () => {
  const flags = flagsOf({ size: { default: 5, choices: ['5', '10'] } });
  assert.equal(parse('', {}, flags).size, 5);
  assert.equal(parse('--size 10', {}, flags).size, 10);
  assert.equal(parse('', { LOCUST_SIZE: '10' }, flags).size, 10);
  assert.match(refusal('--size 7', {}, flags), /size/);
});

test('a number of the user file must be one', () => {
  assert.throws(() => ofUser('--max-tokens lots'), { name: 'UsageError' });
});

test('a negative number is a value, not a flag', () => {
  assert.equal(ofUser('--max-tokens -5').maxTokens, -5);
});

test('a mistyped option of the user file is told with the right one', () => {
  assert.throws(() => ofUser('--max-toknes 5'), { message: 'unknown flag --max-toknes; did you mean --max-tokens?' });
});

test('a secret is not shown by the help, nor its default', async () => {
  const help = await parser([], flagsOf({ apiKey: { default: 'hunter2', secret: true } }), {}).getHelp();
  assert.ok(help.includes('--api-key') && !help.includes('hunter2'));
});

test('a flag that may be repeated keeps all its values, in their order', () => {
  assert.deepEqual(parse('--fail-if p95>1s -u 1 --fail-if=rps<5').failIf, ['p95>1s', 'rps<5']);
  assert.deepEqual(parse('', { KATYDID_FAIL_IF: 'p95(GET /a b)>1s; rps<5' }).failIf, ['p95(GET /a b)>1s', 'rps<5']);
  assert.match(refusal('--fail-if'), /fail-if/);
  assert.match(refusal('--fail-if --headless'), /fail-if/);
});

test('a variable that is neither yes nor no is refused, as by Locust', () => {
  assert.match(refusal('', { LOCUST_HEADLESS: 'maybe' }), /^LOCUST_HEADLESS is 'maybe'; 1, true, yes, on, 0, false/);
});
