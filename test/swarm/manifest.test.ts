import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import {
  constant,
  defineOptions,
  HttpUser,
  type Sequence,
  SequentialTaskSet,
  stages,
  TaskSet,
  type Tasks,
  User,
} from '../../src/index.ts';
import { Stats } from '../../src/stats/stats.ts';
import { type ClassManifest, type Manifest, readUserFile } from '../../src/swarm/manifest.ts';
import { Environment, type Runner } from '../../src/user/environment.ts';
import { options } from './options.ts';

const part = { index: 0, count: 1 };
const environment = new Environment({
  stats: new Stats(),
  runner: { kind: 'worker', clientId: 'tested' } as Runner,
  thread: part,
  shard: part,
  parsedOptions: options,
});

const read = (...modules: Readonly<Record<string, unknown>>[]): Manifest => readUserFile(modules, environment).manifest;

function refusal(...modules: Readonly<Record<string, unknown>>[]): string {
  try {
    read(...modules);
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError, String(thrown));
    return thrown.message;
  }
  throw new Error('it was not refused');
}

class Reader extends User {
  static override tasks = { read: 1 } satisfies Tasks<Reader>;
  read(): void {}
}

/** `Reader` with something wrong about it. */
const wrong = (statics: object): { Reader: unknown } => ({
  Reader: Object.assign(class Reader2 extends Reader {}, statics),
});

test('a class is told with its host, weight, fixed count and tasks', () => {
  class Shopper extends HttpUser {
    static override host = 'http://shop';
    static override weight = 2.5;
    static override fixedCount = 3;
    static override tasks = { buy: { weight: 4, tags: ['money'] }, look: 1 } satisfies Tasks<Shopper>;
    buy(): void {}
    look(): void {}
  }
  const expected: ClassManifest = {
    name: 'Shopper',
    host: 'http://shop',
    weight: 2.5,
    fixedCount: 3,
    needsHost: true,
    tasks: [
      { name: 'buy', weight: 4, tags: ['money'] },
      { name: 'look', weight: 1, tags: [] },
    ],
  };
  assert.deepEqual(read({ Shopper }).classes, [expected]);
});

test('a class that says nothing of itself has the usual values', () => {
  assert.deepEqual(read({ Reader }).classes, [
    {
      name: 'Reader',
      host: null,
      weight: 1,
      fixedCount: 0,
      needsHost: false,
      tasks: [{ name: 'read', weight: 1, tags: [] }],
    },
  ]);
});

test('task sets are told with their own tasks, whether in order, and the tags of the set', () => {
  class Pay extends SequentialTaskSet<Shopper> {
    static override tasks = ['card', 'done'] satisfies Sequence<Pay>;
    card(): void {}
    done(): void {}
  }
  class Browse extends TaskSet<Shopper> {
    static override tags = ['calm'];
    static override tasks = { look: 2, pay: 1, interrupt: 1 } satisfies Tasks<Browse>;
    pay = Pay;
    look(): void {}
  }
  class Shopper extends User {
    static override tasks = { browse: { weight: 3, tags: ['web'] } } satisfies Tasks<Shopper>;
    browse = Browse;
  }
  assert.deepEqual(read({ Shopper }).classes[0]?.tasks, [
    {
      name: 'browse',
      weight: 3,
      tags: ['web', 'calm'],
      taskSet: {
        className: 'Browse',
        inOrder: false,
        tasks: [
          { name: 'look', weight: 2, tags: [] },
          {
            name: 'pay',
            weight: 1,
            tags: [],
            taskSet: {
              className: 'Pay',
              inOrder: true,
              tasks: [
                { name: 'card', weight: 1, tags: [] },
                { name: 'done', weight: 1, tags: [] },
              ],
            },
          },
          { name: 'interrupt', weight: 1, tags: [] },
        ],
      },
    },
  ]);
});

test('options of all files are told together', () => {
  const a = defineOptions({ tenant: { default: 'acme', choices: ['acme', 'globex'] } });
  const b = defineOptions({ maxTokens: { default: 5 } });
  assert.deepEqual(read({ Reader, a }, { b }).options, {
    tenant: { default: 'acme', choices: ['acme', 'globex'] },
    maxTokens: { default: 5 },
  });
});

test('shapes are told by the name of their export', () => {
  const rush = stages([
    { duration: 60, users: 10, spawnRate: 1 },
    { duration: 30, users: 5, spawnRate: 2, userClasses: ['Reader'] },
  ]);
  assert.deepEqual(
    [...read({ Reader, rush }).shapes],
    [
      [
        'rush',
        [
          { until: 60, users: 10, spawnRate: 1 },
          { until: 90, users: 5, spawnRate: 2, userClasses: ['Reader'] },
        ],
      ],
    ],
  );
});

test('a shape of two files is one; two shapes of one name are refused', () => {
  const [rush, other] = [1, 2].map((users) => stages([{ duration: 60, users, spawnRate: 1 }]));
  assert.deepEqual([...read({ Reader, rush }, { rush }).shapes.keys()], ['rush']);
  assert.equal(refusal({ Reader, rush }, { rush: other }), 'there are two load shapes named rush');
});

test('other exports are none of katydid’s business', () => {
  const { classes } = read({ Reader, helper: () => 1, number: 7, nothing: null, text: 'User', Plain: class Plain {} });
  assert.deepEqual(
    classes.map(({ name }) => name),
    ['Reader'],
  );
});

test('one class exported twice, or by two files, is one class', () => {
  assert.equal(read({ Reader, Again: Reader }, { default: Reader }).classes.length, 1);
});

test('a base class that says it is abstract is left out, its subclass is not', () => {
  class Base extends Reader {
    static override abstract = true;
  }
  class Leaf extends Base {}
  assert.deepEqual(
    read({ Base, Leaf, User, HttpUser }).classes.map(({ name }) => name),
    ['Leaf'],
  );
});

test('a file without a user class is refused', () => {
  assert.match(refusal({ User, HttpUser, a: 1 }), /^no user class was found; export one: /);
});

test('two classes of one name are refused', () => {
  const other = { Reader: class Reader extends User {} };
  assert.match(refusal({ Reader }, other), /^there are two user classes named Reader/);
});

test('a class named as a property of every object is a class like any other', () => {
  class Proto extends Reader {}
  Object.defineProperty(Proto, 'name', { value: '__proto__' });
  class Made extends Reader {}
  Object.defineProperty(Made, 'name', { value: 'constructor' });
  assert.deepEqual(
    read({ Proto, Made }).classes.map(({ name }) => name),
    ['__proto__', 'constructor'],
  );
});

for (const weight of [-1, Number.NaN, Number.POSITIVE_INFINITY, '3', null]) {
  test(`the weight ${JSON.stringify(weight)} is refused`, () => {
    assert.match(refusal(wrong({ weight })), /^Reader2\.weight is .*; a number from 0 on is expected$/);
  });
}

for (const fixedCount of [-1, 1.5, '2', Number.NaN]) {
  test(`the fixed count ${JSON.stringify(fixedCount)} is refused`, () => {
    assert.match(refusal(wrong({ fixedCount })), /^Reader2\.fixedCount is .*; a whole number from 0 on is expected$/);
  });
}

test('a wait time that is a number is refused, with what to write', () => {
  assert.match(
    refusal(wrong({ waitTime: 3 })),
    /^Reader2\.waitTime is 3; between\(1, 5\), constant\(2\) or a function/,
  );
  assert.equal(read(wrong({ waitTime: constant(3) })).classes.length, 1);
});

test('a host that is no text is refused', () => {
  assert.match(refusal(wrong({ host: 8080 })), /^Reader2\.host is 8080; a text such as 'http:/);
  assert.equal(read(wrong({ host: null })).classes[0]?.host, null);
});

test('a class without tasks is refused, with the two ways out', () => {
  class Idle extends User {}
  assert.match(refusal({ Idle }), /^Idle has no tasks; give it static tasks = \{ … \}, or static abstract = true/);
  assert.match(refusal(wrong({ tasks: { read: 0 } })), /^Reader2 has no tasks/);
});

test('a task that is no method is refused, with the one that was meant', () => {
  assert.match(refusal(wrong({ tasks: { raed: 1 } })), /^Reader2\.tasks names 'raed'.*; did you mean 'read'\?$/);
});
