import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import '../swarm/threads-from-source.ts';
import { locustfile } from '../../src/commands/locustfile.ts';
import { shape } from '../../src/commands/shape.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { projectFolder } from '../tools/katydid.ts';

const userClass = `import { defineOptions, LoadTestShape, stages, User } from 'katydid';
export class A extends User { static tasks = { go: 1 }; async go(): Promise<void> { await this.sleep(9); } }
`;
const rush = `export const rush = stages([
  { duration: 30, users: 60, rampTime: 15 }, { duration: 30, users: 1, spawnRate: 1, userClasses: ['A'] }]);
`;
const steps = `export const options = defineOptions({ high: { default: 10 } });
export class Steps extends LoadTestShape {
  tick() {
    const { numUsers, high } = this.environment.parsedOptions as unknown as { numUsers: number | null; high: number };
    if (this.runTime >= 40) return null;
    return { users: (numUsers ?? 0) + (this.runTime < 20 ? 1 : high), spawnRate: 1 };
  }
}
`;

interface Printed {
  readonly file: string;
  readonly out: string;
  readonly error: string;
}

/** Runs a command with a user file of this text in place of `FILE`; what it printed. */
async function printed(
  t: TestContext,
  command: (argv: readonly string[]) => Promise<number>,
  text: string,
  ...argv: string[]
): Promise<Printed> {
  const file = join(await userFolder(t, { 'users.ts': text }), 'users.ts');
  const stream = (of: NodeJS.WriteStream): (() => string) => {
    const chunks: string[] = [];
    const { mock } = t.mock.method(of, 'write', (chunk: string) => chunks.push(chunk) > 0);
    return () => {
      mock.restore();
      return chunks.join('');
    };
  };
  const [out, error] = [stream(process.stdout), stream(process.stderr)];
  try {
    await command(argv.map((word) => (word === 'FILE' ? file : word)));
  } finally {
    Object.assign(ended, { out: out(), error: error() });
  }
  return { file, ...ended };
}
const ended = { out: '', error: '' };

test('a shape is a plot of 80 columns without colours, and a table', async (t) => {
  const { out } = await printed(t, shape, userClass + rush, 'FILE');
  const lines = out.split('\n');
  assert.equal(lines[0], 'rush: 1m, at most 60 users');
  assert.equal(lines[2], ' users');
  assert.match(lines[3] ?? '', /^ {4}60 ┤ {16}▃█+▇▅▄▃▁$/);
  assert.ok(
    out.includes(
      'stage  from  until  users  spawn rate  adds users of\n    1    0s    30s     60         4/s  all classes\n',
    ),
  );
  assert.ok(out.includes('\nToo short for its spawn rate: stage 2. '));
  const plot = lines.slice(2, 17);
  assert.equal(Math.max(...plot.map((line) => line.length)), 80);
  assert.ok(!out.includes('\x1b'));
});

test('on a terminal the plot is as wide as it is, with colours unless NO_COLOR is set', async (t) => {
  const { isTTY, columns } = process.stdout;
  const { NO_COLOR, TERM } = process.env;
  t.after(() => {
    Object.assign(process.stdout, { isTTY, columns });
    delete process.env.NO_COLOR;
    Object.assign(process.env, { ...(NO_COLOR ? { NO_COLOR } : {}), ...(TERM ? { TERM } : {}) });
  });
  Object.assign(process.stdout, { isTTY: true, columns: 50 });
  delete process.env.NO_COLOR;
  process.env.TERM = 'xterm';
  const coloured = await printed(t, shape, userClass + rush, 'FILE');
  assert.ok(coloured.out.includes('\x1b[36m'));
  process.env.NO_COLOR = '1';
  const { out } = await printed(t, shape, userClass + rush, 'FILE');
  assert.ok(!out.includes('\x1b'));
  assert.equal(
    Math.max(
      ...out
        .split('\n')
        .slice(2, 17)
        .map((line) => line.length),
    ),
    50,
  );
});

test('--json gives the stages as stages([…]) takes them', async (t) => {
  const { out } = await printed(t, shape, userClass + rush, '--json', '-f', 'FILE');
  assert.deepEqual(JSON.parse(out), {
    rush: {
      duration: 60,
      maxUsers: 60,
      isSimulated: false,
      isCut: false,
      stages: [
        { until: 30, users: 60, spawnRate: 4 },
        { until: 60, users: 1, spawnRate: 1, userClasses: ['A'] },
      ],
    },
  });
});

test('the shape of users/shapes.ts is ten minutes of a day', async (t) => {
  const { out } = await printed(t, shape, '', '--json', join(projectFolder, 'users', 'shapes.ts'));
  const { day } = JSON.parse(out) as { day: { duration: number; maxUsers: number; stages: unknown[] } };
  assert.deepEqual([day.duration, day.maxUsers, day.stages.length], [600, 120, 11]);
});

test('a class with tick() is asked second by second, with the options that are given', async (t) => {
  const argv = ['-f', 'FILE', 'Steps', '--json', '-u', '5', '--high', '30'];
  const { out } = await printed(t, shape, userClass + rush + steps, ...argv);
  assert.deepEqual(JSON.parse(out), {
    Steps: {
      duration: 40,
      maxUsers: 35,
      isSimulated: true,
      isCut: false,
      stages: [
        { until: 20, users: 6, spawnRate: 1 },
        { until: 40, users: 35, spawnRate: 1 },
      ],
    },
  });
});

test('one that is not over at --run-time is cut there, and that is said', async (t) => {
  const { out } = await printed(t, shape, userClass + steps, 'FILE', '-t', '30');
  assert.equal(out.split('\n')[0], 'Steps: not over after 30s (--run-time), at most 10 users, asked second by second');
});

test('one that throws is told with its lines', async (t) => {
  const text = `${userClass}export class Bad extends LoadTestShape {\n  tick(): never {\n    throw new Error('no');\n  }\n}`;
  await assert.rejects(printed(t, shape, text, 'FILE'), {
    name: 'UsageError',
    message: /^the load shape Bad cannot go on, so the run ends:\nError: no\n {4}at Bad\.tick \(.*users\.ts:5:\d+\)$/,
  });
});

test('all shapes of the file are shown, or those that are named', async (t) => {
  const text = `${userClass}${rush}${steps}export const calm = stages([{ duration: 1, users: 1, spawnRate: 1 }]);`;
  const titles = ({ out }: Printed): string[] => out.split('\n').flatMap((line) => /^(\w+): /.exec(line)?.[1] ?? []);
  assert.deepEqual(titles(await printed(t, shape, text, 'FILE')), ['calm', 'rush', 'Steps']);
  assert.deepEqual(titles(await printed(t, shape, text, 'FILE', 'rush', 'calm')), ['rush', 'calm']);
});

test('a name that is none, a flag that is none, and a file without shapes are told', async (t) => {
  const refusal = async (text: string, ...argv: string[]): Promise<string> => {
    try {
      await printed(t, shape, text, ...argv);
    } catch (thrown) {
      return (thrown as Error).message.replace(/^.*users\.ts /, '');
    }
    return 'accepted';
  };
  const told = await Promise.all([refusal(userClass + rush, 'FILE', 'rash')]);
  assert.deepEqual(told, ['there is no load shape rash; the user file has rush; is rush meant?']);
  assert.equal(await refusal(userClass + rush, 'FILE', '--jsno'), 'unknown flag --jsno; did you mean --json?');
  assert.equal(
    await refusal(userClass, 'FILE'),
    'exports no load shape; export const shape = stages([{ duration: 60, users: 10, spawnRate: 1 }]), or steady, burst, ramp',
  );
});

test('katydid locustfile says on stderr that a class with tick() is not for a master', async (t) => {
  const { out, error } = await printed(t, locustfile, userClass + rush + steps, '-f', 'FILE');
  assert.match(out, /^class rush\(locust\.LoadTestShape\):$/m);
  assert.match(out, /^# Not in here: the load shape Steps is a class with tick\(\), for runs without a master: /m);
  assert.match(error, /^[^\n]*\/WARNING\/katydid: the load shape Steps is a class with tick\(\)[^\n]*\n$/);
});
