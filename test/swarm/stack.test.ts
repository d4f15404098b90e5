import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bundleUserFiles } from '../../src/swarm/bundle.ts';
import { StackMapper } from '../../src/swarm/stack.ts';
import { startPool } from './pool-under-test.ts';
import { userFolder } from './user-folder.ts';

interface Loaded {
  readonly mapper: StackMapper;
  readonly folder: string;
  /** What the function `fail` of the user file throws. */
  fail(): Promise<Error>;
}

/** A user file that was bundled and evaluated as a load thread does it. */
async function load(t: TestContext, files: Record<string, string>): Promise<Loaded> {
  const folder = await userFolder(t, files);
  const bundle = await bundleUserFiles([join(folder, 'users.ts')]);
  const source = Buffer.from(`${bundle.code}\n//# sourceURL=${bundle.name}`).toString('base64');
  const { file0 } = (await import(`data:text/javascript;base64,${source}`)) as { file0: { fail(): unknown } };
  const fail = async (): Promise<Error> => {
    try {
      const { fail: run } = file0;
      await run();
    } catch (thrown) {
      return thrown as Error;
    }
    throw new Error('it did not throw');
  };
  return { mapper: new StackMapper(bundle), folder, fail };
}

const lines = (text: string): string[] => text.split('\n');

test('a frame names line and column of the TypeScript source', async (t) => {
  const { mapper, folder, fail } = await load(t, {
    'users.ts': `interface Gone {\n  readonly x: number;\n}\nexport function fail(): Gone {\n  throw new RangeError('too far');\n}\n`,
  });
  const [head, first] = lines(mapper.traceback(await fail()));
  assert.equal(head, 'RangeError: too far');
  assert.equal(first, `    at fail (${join(folder, 'users.ts')}:5:9)`);
});

test('a frame in an imported file names that file', async (t) => {
  const { mapper, folder, fail } = await load(t, {
    'users.ts': `import { check } from './lib/check.ts';\nexport const fail = (): void => check(3);\n`,
    'lib/check.ts': `type N = number;\n\nexport function check(n: N): void {\n  if (n > 2) throw new Error('no');\n}\n`,
  });
  const [, ...frames] = lines(mapper.traceback(await fail()));
  assert.equal(frames[0], `    at check (${join(folder, 'lib/check.ts')}:4:20)`);
  assert.match(frames[1] ?? '', /^ {4}at fail \(.*users\.ts:2:33\)$/);
});

test('a file that uses import.meta has its lines too', async (t) => {
  const { mapper, fail } = await load(t, {
    'users.ts': `interface Gone {\n  x: 1;\n}\nexport const here: string = import.meta.url;\nexport function fail(): Gone {\n  throw new Error('no');\n}\n`,
  });
  assert.match(mapper.traceback(await fail()), /at fail \(.*users\.ts:6:9\)/);
});

test('causes follow with their own frames', async (t) => {
  const { mapper, fail } = await load(t, {
    'users.ts': `export function fail(): void {\n  try {\n    inner();\n  } catch (cause) {\n    throw new Error('outer', { cause });\n  }\n}\nfunction inner(): void {\n  throw new TypeError('inner', { cause: new Error('root') });\n}\n`,
  });
  const told = lines(mapper.traceback(await fail()));
  const heads = told.filter((line) => !line.startsWith('    at '));
  assert.deepEqual(heads, ['Error: outer', 'Caused by: TypeError: inner', 'Caused by: Error: root']);
  assert.match(told[told.indexOf('Caused by: TypeError: inner') + 1] ?? '', /at inner \(.*users\.ts:9:9\)/);
});

test('an error that causes itself is told once', async (t) => {
  const { mapper } = await load(t, { 'users.ts': 'export function fail(): void {}' });
  const [a, b] = [new Error('a'), new Error('b')];
  a.cause = b;
  b.cause = a;
  assert.deepEqual(
    lines(mapper.traceback(a)).filter((line) => !line.startsWith('    at ')),
    ['Error: a', 'Caused by: Error: b'],
  );
  a.cause = a;
  assert.equal(mapper.traceback(a).split('Error: a').length, 2);
});

test('an error without a stack is its name and message', async (t) => {
  const { mapper } = await load(t, { 'users.ts': 'export function fail(): void {}' });
  const error = new Error('bare');
  delete error.stack;
  assert.equal(mapper.traceback(error), 'Error: bare');
});

test('a message of several lines stays whole and is not taken for frames', async (t) => {
  const { mapper, fail } = await load(t, {
    'users.ts': `export function fail(): void {\n  throw new Error('first\\nsecond');\n}\n`,
  });
  assert.deepEqual(lines(mapper.traceback(await fail())).slice(0, 2), ['Error: first', 'second']);
});

test("a task's error has only frames of the user's files, and the same text each time", async (t) => {
  const { heard, resize, measured } = await startPool(
    t,
    `import { User, constant, type Tasks } from 'katydid';
export class A extends User {
  static override waitTime = constant(0.01);
  static override tasks = { go: 1 } satisfies Tasks<A>;
  async go(): Promise<void> {
    await this.measure('x', 'ok', () => 1);
    await this.measure('x', 'bad', () => this.step());
  }
  async step(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error('the step failed');
  }
}
`,
  );
  await resize({ A: 3 });
  await measured(() => heard.exceptions.length >= 6);
  const tracebacks = new Set(heard.exceptions.map(({ traceback }) => traceback));
  assert.equal(tracebacks.size, 1);
  const [head, ...frames] = lines([...tracebacks][0] ?? '');
  assert.equal(head, 'Error: the step failed');
  assert.match(frames[0] ?? '', /^ {4}at A\.step \(.*users\.ts:11:11\)$/);
  for (const frame of frames) assert.match(frame, /users\.ts:\d+:\d+\)?$/);
  assert.equal(heard.exceptions[0]?.message, 'the step failed');
});
