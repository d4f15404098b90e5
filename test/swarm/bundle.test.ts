import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../../src/errors.ts';
import { User } from '../../src/index.ts';
import { type Bundle, bundleUserFiles } from '../../src/swarm/bundle.ts';
import { userFolder } from './user-folder.ts';

type Exports = Readonly<Record<string, unknown>>;

async function evaluate({ code }: Bundle): Promise<Exports[]> {
  const modules = (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)) as object;
  return Object.values(modules) as Exports[];
}

/** What `users.ts` (or the file told) exports when it lies with these files in a folder that is no project. */
async function exportsOf(t: TestContext, files: Record<string, string>, name = 'users.ts'): Promise<Exports> {
  const folder = await userFolder(t, files);
  const [exports] = await evaluate(await bundleUserFiles([join(folder, name)]));
  return exports ?? {};
}

async function refusal(t: TestContext, files: Record<string, string>, name = 'users.ts'): Promise<string> {
  const folder = await userFolder(t, files);
  const thrown = await bundleUserFiles([join(folder, name)]).catch((error: unknown) => error);
  assert.ok(thrown instanceof UsageError, String(thrown));
  return thrown.message.replaceAll(folder, '…');
}

test('TypeScript runs from a folder without package.json, and its users are those of the running katydid', async (t) => {
  const { Reader } = await exportsOf(t, {
    'users.ts': `import { User, type Tasks } from 'katydid';
      export class Reader extends User { static tasks = { read: 1 } satisfies Tasks<Reader>; read(): void {} }`,
  });
  assert.ok((Reader as typeof User).prototype instanceof User);
});

test('relative files are found without their extension, from the importing file', async (t) => {
  const { all } = await exportsOf(t, {
    'users.ts': `import { a } from './lib/a'; import { b } from './lib/b.ts'; import { c } from './lib/c.js';
      export const all = [a, b, c];`,
    'lib/a.ts': `export const a = 'a';`,
    'lib/b.ts': `export { b } from '../b.mts';`,
    'lib/c.ts': `export const c: string = 'c';`,
    'b.mts': `export const b = 'b';`,
  });
  assert.deepEqual(all, ['a', 'b', 'c']);
});

test('JSON is imported as data', async (t) => {
  const { data } = await exportsOf(t, {
    'users.ts': `import data from './data.json'; export { data };`,
    'data.json': '{ "cards": [1, 2] }',
  });
  assert.deepEqual(data, { cards: [1, 2] });
});

test('import.meta means the source file, in the user file and in those it imports', async (t) => {
  const folder = await userFolder(t, {
    'users.ts': `export const own: string[] = [import.meta.url, import.meta.dirname, import.meta.filename];
      export { lib } from './lib/lib.mjs';`,
    'lib/lib.mjs': `export const lib = [import.meta.url, import.meta.dirname, import.meta.filename];`,
  });
  const [exports] = await evaluate(await bundleUserFiles([join(folder, 'users.ts')]));
  const placeOf = (...path: string[]): string[] => {
    const file = join(folder, ...path);
    return [pathToFileURL(file).href, join(file, '..'), file];
  };
  assert.deepEqual(exports?.own, placeOf('users.ts'));
  assert.deepEqual(exports?.lib, placeOf('lib', 'lib.mjs'));
});

test('two files may have an inner class of one name: each keeps it', async (t) => {
  const { a, b, c } = await exportsOf(t, {
    'users.ts': `import { A } from './a.ts'; import { B } from './b.ts'; class Flow {}
      export const a = A.name, b = B.name, c = Flow.name;`,
    'a.ts': 'class Flow {} export { Flow as A };',
    'b.ts': 'class Flow {} export { Flow as B };',
  });
  assert.deepEqual([a, b, c], ['Flow', 'Flow', 'Flow']);
});

const packages = {
  'users.ts': `import plain from 'plain'; import { part } from 'parted/part'; import { esm } from 'esm-only';
    export { plain, part, esm };`,
  'node_modules/plain/package.json': '{ "name": "plain", "main": "./main.js" }',
  'node_modules/plain/main.js': `const { inner } = require('./inner.js');
    module.exports = { inner, path: require('node:path').sep, file: __filename };`,
  'node_modules/plain/inner.js': `exports.inner = 'common';`,
  'node_modules/parted/package.json': `{ "name": "parted", "type": "module",
    "exports": { "./part": { "types": "./part.d.ts", "import": "./part-of.js", "require": "./part-of.cjs" } } }`,
  'node_modules/parted/part-of.js': `export const part = 'imported';`,
  'node_modules/parted/part-of.cjs': `exports.part = 'required';`,
  'node_modules/esm-only/package.json': '{ "name": "esm-only", "type": "module", "exports": "./index.js" }',
  'node_modules/esm-only/index.js': `export const esm = import.meta.url;`,
};

test("a CommonJS package of the user file's own folder runs as it is", async (t) => {
  const { plain } = await exportsOf(t, packages);
  const { inner, file } = plain as { inner: string; file: string };
  assert.equal(inner, 'common');
  assert.match(file, /node_modules\/plain\/main\.js$/);
});

test('a package is found by its exports, as an import', async (t) => {
  const { part, esm } = await exportsOf(t, packages);
  assert.equal(part, 'imported');
  assert.match(String(esm), /^file:.*esm-only\/index\.js$/);
});

test('each file finds packages from its own folder', async (t) => {
  const { versions } = await exportsOf(t, {
    'users.ts': `import outer from 'lib'; import { inner } from './deep/inner.ts'; export const versions = [outer, inner];`,
    'deep/inner.ts': `import lib from 'lib'; export const inner = lib;`,
    'node_modules/lib/index.js': 'module.exports = 1;',
    'deep/node_modules/lib/index.js': 'module.exports = 2;',
  });
  assert.deepEqual(versions, [1, 2]);
});

test('a package with a native addon stays outside the bundle', async (t) => {
  const folder = await userFolder(t, {
    'users.ts': `import { load } from 'native'; export { load };`,
    'node_modules/native/package.json': '{ "name": "native", "main": "./index.js" }',
    'node_modules/native/index.js': `exports.load = () => require('./build/addon.node');`,
    'node_modules/native/build/addon.node': '\0ELF',
  });
  const bundle = await bundleUserFiles([join(folder, 'users.ts')]);
  assert.ok(!bundle.code.includes('addon.node'));
  const [exports] = await evaluate(bundle);
  assert.throws(exports?.load as () => void, /addon\.node/);
});

test('a CommonJS user file may require katydid, packages and its own files', async (t) => {
  const files = {
    ...packages,
    'users.cjs': `const { User } = require('katydid'); const plain = require('plain'); const { own } = require('./own.cjs');
      class Reader extends User {}
      module.exports = { Reader, inner: plain.inner, own, part: require('parted/part').part };`,
    'own.cjs': `exports.own = 'own';`,
  };
  const { Reader, inner, own, part } = await exportsOf(t, files, 'users.cjs');
  assert.ok((Reader as typeof User).prototype instanceof User);
  assert.deepEqual([inner, own, part], ['common', 'own', 'required']);
});

test("Node's own modules are imported with and without node:", async (t) => {
  const { joined } = await exportsOf(t, {
    'users.ts': `import { join } from 'path'; import { sep } from 'node:path'; export const joined = join('a', 'b') + sep;`,
  });
  assert.equal(joined, 'a/b/');
});

test('several files are one bundle, each with its own exports', async (t) => {
  const folder = await userFolder(t, { 'a.ts': `export const x = 'a';`, 'b.ts': `export const x = 'b';` });
  const exports = await evaluate(await bundleUserFiles(['a.ts', 'b.ts'].map((name) => join(folder, name))));
  assert.deepEqual(
    exports.map(({ x }) => x),
    ['a', 'b'],
  );
});

test('a path may hold blanks, quotes and letters of any language', async (t) => {
  const { x } = await exportsOf(t, { "my users' ß/ü b.ts": `export const x: number = 1;` }, "my users' ß/ü b.ts");
  assert.equal(x, 1);
});

test('the same files give the same hash, a changed one another', async (t) => {
  const text = `import { User } from 'katydid'; export class A extends User {}`;
  const folder = await userFolder(t, { 'users.ts': text, 'changed.ts': `${text}\nexport const more = 1;` });
  const hashOf = async (name: string): Promise<string> => (await bundleUserFiles([join(folder, name)])).hash;
  assert.equal(await hashOf('users.ts'), await hashOf('users.ts'));
  assert.notEqual(await hashOf('users.ts'), await hashOf('changed.ts'));
});

test('the same files give the same hash in another folder', async (t) => {
  const files = { 'users.ts': `import { x } from './x.ts'; export const y = x;`, 'x.ts': 'export const x = 1;' };
  const [one, other] = [await userFolder(t, files), await userFolder(t, files)];
  const [a, b] = await Promise.all([one, other].map((folder) => bundleUserFiles([join(folder, 'users.ts')])));
  assert.equal(a?.hash, b?.hash);
});

test('a syntax error names file, line and column', async (t) => {
  const message = await refusal(t, { 'users.ts': 'export const a = 1;\nexport const b = ;\n' });
  assert.match(message, /users\.ts:2:18: Unexpected ";"/);
});

test('a syntax error in an imported file names that file', async (t) => {
  const message = await refusal(t, { 'users.ts': `import './lib/a.ts';`, 'lib/a.ts': '\nclass {' });
  assert.match(message, /lib\/a\.ts:2:7: /);
});

test('a syntax error in a file that uses import.meta is told in the same way', async (t) => {
  const message = await refusal(t, { 'users.ts': 'console.log(import.meta.url);\nexport const b = ;\n' });
  assert.match(message, /users\.ts:2:18: Unexpected ";"/);
});

test('a package that is not there is named, with the line that wants it', async (t) => {
  const message = await refusal(t, { 'users.ts': `\nimport x from 'no-such-package';\nexport { x };` });
  assert.match(message, /users\.ts:2:15: .*no-such-package/);
});

test('an import of a file that is not there is named, with the line that wants it', async (t) => {
  const message = await refusal(t, { 'users.ts': `import { x } from './gone.ts';\nexport { x };` });
  assert.match(message, /users\.ts:1:19: .*\.\/gone\.ts/);
});

test('a user file that is not there is named', async (t) => {
  assert.equal(await refusal(t, {}), 'user file …/users.ts does not exist');
});

test('a folder is no user file', async (t) => {
  assert.equal(await refusal(t, { 'users.ts/a.ts': '' }), 'user file …/users.ts is no file');
});

test('a Python file is refused with a word on what is meant', async (t) => {
  const message = await refusal(t, { 'locustfile.py': 'from locust import User' }, 'locustfile.py');
  assert.match(message, /ends in '\.py'; one of \.ts .* is expected; katydid runs TypeScript users/);
});

test('a file of another kind is refused', async (t) => {
  const message = await refusal(t, { 'users.yaml': '' }, 'users.yaml');
  assert.equal(message, "user file …/users.yaml ends in '.yaml'; one of .ts .mts .cts .js .mjs .cjs is expected");
});
