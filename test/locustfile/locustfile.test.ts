import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../src/errors.ts';
import { locustfileOf } from '../../src/locustfile/locustfile.ts';
import type { TaskManifest } from '../../src/swarm/manifest.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { findLocust, type LocustVersion, locustVersions } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { run } from '../tools/run.ts';
import { aClass, aManifest, help, rich } from './rich-manifest.ts';

interface Task {
  readonly name: string;
  readonly weight: number;
  readonly tags: readonly string[];
  readonly in_order?: boolean;
  readonly tasks?: readonly Task[];
}

interface Found {
  readonly classes: readonly { readonly name: string; readonly tasks: readonly Task[] }[];
  readonly shapes: Readonly<Record<string, readonly unknown[]>>;
  readonly arguments: readonly Readonly<Record<string, unknown>>[];
  readonly given: Readonly<Record<string, unknown>>;
  readonly help: string;
}

/** What a real Locust of that version finds in the stub. */
async function found(t: TestContext, version: LocustVersion, ...argv: string[]): Promise<Found | undefined> {
  const locust = await need(t, () => findLocust(version));
  if (locust === undefined) return undefined;
  const folder = await userFolder(t, { 'locustfile.py': locustfileOf(rich) });
  const dump = fileURLToPath(new URL('dump.py', import.meta.url));
  // -W error: a stub must not make Python complain, as of an unknown escape
  const printed = await run(locust.python, [
    '-W',
    'error::SyntaxWarning',
    dump,
    join(folder, 'locustfile.py'),
    ...argv,
  ]);
  return JSON.parse(printed.slice(printed.indexOf('{"classes"')));
}

/** Locust gives a set's tags to its tasks; whole weights; a task without a weight is never picked, so not there. */
function tasksFor(tasks: readonly TaskManifest[], scale: number, outer: readonly string[] = []): Task[] {
  return tasks
    .filter(({ weight }) => weight > 0)
    .map(({ name, weight, tags, taskSet }) => ({
      name,
      weight: weight * scale,
      tags: taskSet === undefined ? [...outer, ...tags].sort() : [],
      ...(taskSet === undefined
        ? {}
        : { in_order: taskSet.inOrder, tasks: tasksFor(taskSet.tasks, 1, [...outer, ...tags]) }),
    }));
}

/** Which keywords of a web form a version knows. */
const knows: Readonly<Record<LocustVersion, readonly string[]>> = {
  '2.12.1': [],
  '2.20.1': ['is_secret'],
  '2.32.10': ['is_secret', 'is_required'],
  '2.47.0': ['is_secret', 'is_required', 'is_multiple'],
};

for (const version of locustVersions) {
  test(`Locust ${version} finds in the stub what the manifest holds`, async (t) => {
    const argv = ['--max-tokens', '7', '-t', 'gl"obex', '--cards', 'jcb', 'visa', '--dry-run', '--size', '10'];
    const stub = await found(t, version, ...argv);
    if (stub === undefined) return;
    assert.deepEqual(
      stub.classes.map(({ tasks: _, ...rest }) => rest),
      rich.classes.map(({ name, host, weight, fixedCount, needsHost }) => ({
        name,
        host,
        weight,
        fixed_count: fixedCount,
        is_http: needsHost,
      })),
    );
    for (const [at, { name, tasks }] of rich.classes.entries()) {
      const scale = name === 'AdminUser' ? 4 : 1;
      assert.deepEqual(withoutSetTags(stub.classes[at]?.tasks ?? []), tasksFor(tasks, scale), name);
    }

    assert.deepEqual(Object.keys(stub.shapes), ['rush']);
    const ticks = stub.shapes.rush ?? [];
    assert.deepEqual(
      [ticks[0], ticks[5], ticks[6], ticks[12], ticks[13]],
      [
        ...[
          [10, 1],
          [10, 1],
        ],
        ...[
          [5, 0.5, ['ShopUser', 'Größe_ñ']],
          [5, 0.5, ['ShopUser', 'Größe_ñ']],
        ],
        null,
      ],
    );

    const of = (dest: string): Readonly<Record<string, unknown>> =>
      stub.arguments.find((argument) => argument.dest === dest) ?? {};
    assert.deepEqual(
      stub.arguments.map(({ dest, type, default: usual }) => [dest, type, usual]),
      [
        ['tenant', 'str', 'acme'],
        ['max_tokens', 'int', 100],
        ['ratio', 'float', 0.5],
        ['size', 'int', 5],
        ['dry_run', null, false],
        ['api_key', 'str', ''],
        ['cards', 'str', ['visa', 'am"ex']],
        ['region', 'str', null],
        ['lambda', 'str', 'x'],
      ],
    );
    assert.deepEqual(of('tenant').option_strings, ['-t', '--tenant']);
    assert.deepEqual(of('tenant').choices, ['acme', 'gl"obex']);
    assert.deepEqual(of('cards').choices, ['visa', 'am"ex', 'jcb']);
    assert.deepEqual([of('max_tokens').env_var, of('dry_run').env_var], ['SHOP_TOKENS', 'LOCUST_DRY_RUN']);
    assert.deepEqual([of('ratio').include_in_web_ui, of('tenant').include_in_web_ui], [false, true]);
    const forms = { is_secret: 'api_key', is_required: 'api_key', is_multiple: 'cards' };
    for (const [keyword, dest] of Object.entries(forms)) {
      assert.equal(of(dest)[keyword] === true, knows[version].includes(keyword), `${keyword} of ${dest}`);
    }
    const { max_tokens, tenant, cards, dry_run, size } = stub.given;
    assert.deepEqual([max_tokens, tenant, cards, dry_run, size], [7, 'gl"obex', ['jcb', 'visa'], true, 10]);
    assert.ok(stub.help.replace(/\s+/g, ' ').includes(help.replace(/\s+/g, ' ')), stub.help);
  });
}

/** Versions differ in whether the class of a set has tags besides its tasks. */
function withoutSetTags(tasks: readonly Task[]): Task[] {
  return tasks.map((task) =>
    task.tasks === undefined ? task : { ...task, tags: [], tasks: withoutSetTags(task.tasks) },
  );
}

test('the same manifest gives the same text', () => {
  assert.equal(locustfileOf(rich), locustfileOf(structuredClone(rich)));
});

test('a stub without options and shapes has only classes', () => {
  const text = locustfileOf(aManifest());
  assert.doesNotMatch(text, /add_argument|LoadTestShape\)/);
  assert.match(
    text,
    /^class Reader\(locust\.User\):\n {4}host = None\n {4}weight = 1\n {4}fixed_count = 0\n\n {4}@locust\.task\(1\)\n {4}def go\(self\):\n {8}pass/m,
  );
});

test('a class name that Python cannot have is refused', () => {
  for (const name of ['class', 'None', '$User', 'ﬁUser', 'A²']) {
    assert.throws(() => locustfileOf(aManifest({ classes: [aClass(name)] })), {
      name: 'UsageError',
      message: `the class name ${name} is no name in Python; a Locust master cannot have it`,
    });
  }
});

test('a shape whose name Python cannot have is refused', () => {
  const shapes = new Map([['$rush', [{ until: 1, users: 1, spawnRate: 1 }]]]);
  assert.throws(() => locustfileOf(aManifest({ shapes })), UsageError);
});

test('a shape that names a class that is not there is refused', () => {
  const shapes = new Map([['rush', [{ until: 1, users: 1, spawnRate: 1, userClasses: ['Reader', 'Raeder'] }]]]);
  assert.throws(() => locustfileOf(aManifest({ shapes })), {
    name: 'UsageError',
    message: 'the load shape rush names the class Raeder; there are Reader; is Reader meant?',
  });
});
