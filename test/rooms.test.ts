import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { shortestCircle } from './circles.ts';
import { forbiddenImports, importsOf } from './rooms.ts';

const src = join(import.meta.dirname, '..', 'src');
const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'));
const sources = await Promise.all(
  files.map(async (path) => ({ path, source: await readFile(join(src, path), 'utf8') })),
);

const isForbidden = (path: string, source: string): boolean => forbiddenImports(path, source).length > 0;

test('every import of src goes down the table of rooms', () => {
  assert.ok(sources.length > 50);
  assert.deepEqual(
    sources.flatMap(({ path, source }) => forbiddenImports(path, source)),
    [],
  );
});

/** The imports that may close a circle, none of which is there at run time. */
const backward: Readonly<Record<string, readonly string[]>> = {
  // Listeners are given the user and its environment, which lead to the events: Locust's API is a circle of types here.
  'user/events.ts': ['user/environment.ts', 'user/user.ts'],
};

const imports = new Map(sources.map(({ path, source }) => [path, importsOf(path, source)]));
const forward = new Map(
  [...imports].map(([path, targets]) => [path, targets.filter((target) => !backward[path]?.includes(target))]),
);

test('no files of src import each other in a circle, of types neither', () => {
  assert.equal(shortestCircle(forward)?.join(' → '), undefined);
});

test('what may close a circle does so, with types only', () => {
  for (const [path, targets] of Object.entries(backward)) {
    const source = sources.find((file) => file.path === path)?.source ?? '';
    for (const target of targets) {
      const closed = new Map(forward).set(path, [...(forward.get(path) ?? []), target]);
      assert.ok(shortestCircle(closed)?.includes(target), `${path} → ${target} closes none`);
      assert.match(source, new RegExp(`^import type [^;]*/${basename(target)}';$`, 'm'));
    }
  }
});

test('the shortest circle is told from its first file to its first', () => {
  const files = (text: string): Map<string, string[]> =>
    new Map(text.split(', ').map((row) => [row.charAt(0), [...row.slice(2)]]));
  assert.deepEqual(shortestCircle(files('a→bc, b→cd, c→d, d→')), undefined);
  assert.deepEqual(shortestCircle(files('a→b, b→c, c→ad, d→e, e→d')), ['d', 'e', 'd']);
  assert.deepEqual(shortestCircle(files('a→b, b→c, c→b')), ['b', 'c', 'b']);
  assert.deepEqual(shortestCircle(files('a→a')), ['a', 'a']);
});

test('imports of all forms are followed, URLs and comments are not', () => {
  const forms = [
    `import { x } from './wire.ts';`,
    `import type { X } from './wire.ts';`,
    `import {\n  x,\n} from "./wire.ts";`,
    `import './wire.ts';`,
    `export * from './wire.ts';`,
    `type X = import('./wire.ts').X;`,
    `const { x } = await import('./wire.ts');`,
  ];
  for (const form of forms) assert.deepEqual(importsOf('http/body.ts', form), ['http/wire.ts'], form);
  assert.deepEqual(importsOf('http/body.ts', `import { x } from '../log.ts';`), ['log.ts']);
  assert.deepEqual(importsOf('http/body.ts', `new URL('./wire.ts', import.meta.url)`), []);
  assert.deepEqual(importsOf('http/body.ts', `// import { x } from './wire.ts'\nf();`), []);
});

/** File → imported path; each one stands for a rule. */
const forbidden: readonly (readonly [string, string])[] = [
  ['log.ts', './user/user.ts'],
  ['errors.ts', './stats/stats.ts'],
  ['stats/stats.ts', '../protocol/codec.ts'],
  ['protocol/codec.ts', '../stats/snapshot.ts'],
  ['devices/token.ts', '../stats/stats.ts'],
  ['stats/stats.ts', '../user/user.ts'],
  ['user/user.ts', '../http/session.ts'],
  ['user/loop.ts', '../swarm/swarm.ts'],
  ['http/session.ts', '../grpc/client.ts'],
  ['grpc/client.ts', '../mqtt/client.ts'],
  ['mqtt/client.ts', '../swarm/port.ts'],
  ['swarm/pool.ts', '../http/session.ts'],
  ['swarm/pool.ts', '../report/table.ts'],
  ['swarm/pool.ts', '../runner/state.ts'],
  ['swarm/pool.ts', '../index.ts'],
  ['report/table.ts', '../protocol/codec.ts'],
  ['report/table.ts', '../user/user.ts'],
  ['report/table.ts', '../swarm/port.ts'],
  ['runner/worker.ts', '../mqtt/client.ts'],
  ['runner/worker.ts', '../index.ts'],
  ['runner/worker.ts', '../study/matrix.ts'],
  ['targets/website.ts', '../monitor/healthz.ts'],
  ['study/matrix.ts', '../commands/study.ts'],
  ['recording/import.ts', '../runner/local.ts'],
  ['commands/run.ts', '../cli.ts'],
  ['commands/run.ts', '../index.ts'],
  ['cli.ts', './runner/worker.ts'],
  ['index.ts', './runner/worker.ts'],
  ['index.ts', './swarm/pool.ts'],
  ['user/deep/file.ts', '../../http/session.ts'],
  ['user/user.ts', '../unheard-of/file.ts'],
];

test('an import against the table is found', () => {
  for (const [path, imported] of forbidden) {
    assert.deepEqual(forbiddenImports(path, `import { x } from '${imported}';`).length, 1, `${path} → ${imported}`);
  }
});

test('an import along the table is none', () => {
  const allowed: readonly (readonly [string, string])[] = [
    ['events.ts', './log.ts'],
    ['stats/stats.ts', './entry.ts'],
    ['stats/stats.ts', '../errors.ts'],
    ['user/user.ts', '../stats/stats.ts'],
    ['http/session.ts', '../user/user.ts'],
    ['swarm/pool.ts', '../protocol/message.ts'],
    ['report/table.ts', '../stats/snapshot.ts'],
    ['runner/worker.ts', '../swarm/pool.ts'],
    ['commands/run.ts', '../http/session.ts'],
    ['cli.ts', './commands/main.ts'],
    ['index.ts', './mqtt/client.ts'],
    ['commands/main.ts', '../../package.json'],
    ['swarm/stack.ts', '../'],
  ];
  for (const [path, imported] of allowed) {
    assert.deepEqual(forbiddenImports(path, `import { x } from '${imported}';`), []);
  }
});

test('it is found in whatever form it is written', () => {
  const path = '../runner/worker.ts';
  const forms = [
    `import type { X } from '${path}';`,
    `import { type X } from "${path}";`,
    `import {\n  a,\n  b,\n} from '${path}';`,
    `import '${path}';`,
    `export { x } from '${path}';`,
    `export * from '${path}';`,
    `const { x } = await import('${path}');`,
    `type X = import('${path}').X;`,
    `const here = new URL('${path}', import.meta.url);`,
    `const here = new URL(import.meta.url.endsWith('.ts') ? '${path}' : '../runner/worker.js', import.meta.url);`,
    `createRequire(import.meta.url)('${path}');`,
    `const quote = /['"\`]/;\nimport { x } from '${path}';`,
    `await import(\`../runner/\${name}.ts\`);`,
  ];
  for (const form of forms) assert.ok(isForbidden('user/user.ts', form), form);
});

test('a comment imports nothing', () => {
  assert.deepEqual(forbiddenImports('user/user.ts', `// see '../runner/worker.ts'\n/** '../swarm/pool.ts' */\n`), []);
});

test('a file in no room is found', () => {
  assert.deepEqual(forbiddenImports('tools/file.ts', ''), ['tools/file.ts is in no room']);
  assert.deepEqual(forbiddenImports('main.ts', ''), ['main.ts is in no room']);
});

test('nothing in src imports the package by its name', () => {
  assert.ok(isForbidden('swarm/pool.ts', `import { User } from 'katydid';`));
  assert.ok(isForbidden('swarm/pool.ts', `await import('katydid');`));
});

test('the two files that name a higher one do so by its URL only', () => {
  const url = `new URL('../index.ts', import.meta.url)`;
  assert.equal(isForbidden('swarm/bundle.ts', url), false);
  assert.equal(isForbidden('swarm/bundle.ts', `import { User } from '../index.ts';`), true);
  assert.equal(isForbidden('swarm/pool.ts', url), true);
  assert.equal(isForbidden('commands/up.ts', `new URL('../cli.ts', import.meta.url)`), false);
  assert.equal(isForbidden('commands/run.ts', `new URL('../cli.ts', import.meta.url)`), true);
});

test('index.ts defines nothing', () => {
  const index = sources.find(({ path }) => path === 'index.ts')?.source ?? '';
  const statements = index.replace(/^\/\/.*$/gm, '').split(';');
  const others = statements
    .map((text) => text.trim())
    .filter((text) => !/^export (type )?\{[^}]*\} from '[^']+'$/.test(text));
  assert.deepEqual(others, ['']);
});

test('no file is over 250 lines', () => {
  const long = sources.filter(({ source }) => source.split('\n').length - 1 > 250).map(({ path }) => path);
  assert.deepEqual(long, []);
});

test('files are kebab-case nouns', () => {
  const odd = files.filter((path) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(path));
  assert.deepEqual(odd, []);
});

test('no file and no folder has a name for anything', () => {
  const vague = /^(utils?|helpers?|common|types?|constants?|misc|shared)$/;
  const found = files.filter((path) => path.split('/').some((part) => vague.test(basename(part, '.ts'))));
  assert.deepEqual(found, []);
});
