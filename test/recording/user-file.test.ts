import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Call } from '../../src/recording/call.ts';
import { steadyChance } from '../../src/recording/chance.ts';
import { PathTree } from '../../src/recording/path-tree.ts';
import { recordingOf } from '../../src/recording/recording.ts';
import { Sessions } from '../../src/recording/sessions.ts';
import { targetOf } from '../../src/recording/target.ts';
import { userFile } from '../../src/recording/user-file.ts';
import { serve } from '../http/target.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { projectFolder } from '../tools/katydid.ts';
import { tryRun } from '../tools/run.ts';
import { environmentOf, start } from '../user/scene.ts';
import { imported, planOfUser, recordedUser } from './generated.ts';
import { begin, logLine, madeTraffic } from './made-log.ts';

/** A log of requests of one client, so many seconds apart. */
function logOf(requests: readonly string[], pause = 2): string {
  return requests.map((request, at) => logLine(begin + at * pause, request)).join('\n');
}

/** Each task with its weight. */
function weights(code: string): Record<string, number> {
  const table = /static tasks = \{\n([\s\S]*?)\n {2}\} satisfies/.exec(code)?.[1] ?? '';
  return Object.fromEntries(
    [...table.matchAll(/^ {4}(\w+): (\d+),/gm)].map(([, name, weight]) => [name, Number(weight)]),
  );
}

test('weights are counts', async (t) => {
  const { code } = await imported(t, {
    'a.log': logOf(['GET /', 'GET /', 'POST /orders', 'GET /users/5', 'GET /users/6', 'GET /']),
  });
  assert.deepEqual(weights(code), { home: 3, getUser: 2, postOrders: 1 });
});

test('what clients do in order is a sequence; what they do of it elsewhere is a task beside it', async (t) => {
  const round = [
    'GET /login',
    'POST /login',
    'GET /cart',
    'GET /',
    'GET /',
    'GET /',
    'GET /cart',
    'GET /help',
    'GET /',
  ];
  const { code } = await imported(t, { 'a.log': logOf(new Array(20).fill(round).flat()) });
  assert.deepEqual(weights(code), { home: 80, loginToCart: 20, cart: 20, help: 20 });
  assert.match(code, /static tasks = \['login', 'postLogin', 'cart', 'interrupt'\]/);
  assert.match(code, /async cart\(\) \{\n {4}await this\.user\.cart\(\);/);
});

test('what was wrong with the answers is told', async (t) => {
  const statuses = [200, 404, 404, 403, 500];
  const log = statuses.map((status, at) => logLine(begin, `GET /users/${at}`, status)).join('\n');
  const { code } = await imported(t, { 'a.log': log });
  assert.match(code, /users\/\[user\]: 5 requests, 2 not found, 1 answered 4xx otherwise, 1 answered 5xx\./);
  assert.deepEqual(
    [...code.matchAll(/\[1, '(\d)'\]/g)].map(([, id]) => id),
    ['0', '3', '4'],
  );
});

test('bodies are left to the developer, and redirects are not followed', async (t) => {
  const { code } = await imported(t, { 'a.log': logLine(begin, 'POST /login', 302) });
  assert.match(code, /TODO: an access log holds no bodies.*\n.*post\('\/login', \{ json: \{\} \}\)/);
  assert.match(code, /static redirect = 'manual' as const;/);
});

test('the host is only written if it was given: a recording must not hit what it was made of', async (t) => {
  const log = { 'a.log': logOf(['GET http://shop.example.com/']) };
  assert.doesNotMatch((await imported(t, log)).code, /^ *static host|shop\.example/m);
  assert.match((await imported(t, log, { host: 'http://test' })).code, /^ {2}static host = 'http:\/\/test';$/m);
});

test('secrets are options, and nothing of them is in the file', async (t) => {
  const { code, summary } = await imported(t, {
    'a.log': logOf([
      'GET /a?token=hidden1&x=1',
      'GET /a?token=hidden2&x=2',
      'GET /reset/hidden9f8e7d6c5b4a',
      'GET /b;jsessionid=hidden',
    ]),
  });
  assert.doesNotMatch(code + summary.join(), /hidden/);
  assert.match(code, /secretToken: \{ default: '', secret: true/);
  assert.match(code, /`\/a\?token=\$\{encodeURIComponent\(secretToken\)\}&x=\$\{x\}`/);
});

test('a secret that was set is sent', async (t) => {
  const { code } = await imported(t, { 'a.log': logOf(['GET /a?token=hidden&x=1']) });
  const userClass = await recordedUser(t, code);
  const asked = new Promise<string>((resolve) => {
    void serve(t, ({ url = '' }, response) => {
      response.end();
      resolve(url);
    }).then(({ url }) => {
      userClass.host = url;
      const environment = environmentOf();
      Object.assign(environment.parsedOptions, { secretToken: 'a b' });
      const loop = start(userClass, environment);
      t.after(() => loop.abort());
    });
  });
  assert.equal(await asked, '/a?token=a%20b&x=1');
});

test('names that users, task sets or JavaScript have are not taken', async (t) => {
  const words = [
    'client',
    'host',
    'wait',
    'constructor',
    '__proto__',
    'toString',
    'onStart',
    'life',
    'delete',
    '5xx',
    'visit',
    'interrupt',
    'options',
  ];
  const log = logOf(
    words.flatMap((word) => [`GET /${word}`, `GET /${word}?${word}=1&class=2`, `GET /${word}?${word}=2&class=3`]),
  );
  const { code } = await imported(t, { 'a.log': log });
  assert.equal(planOfUser(await recordedUser(t, code)).tasks.length, 2 * words.length);
});

/** Texts that would like to be code. */
const nasty = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "'",
      '"',
      '`',
      '\\',
      '${',
      '}',
      '*/',
      '//',
      '\n',
      '\u2028',
      '%',
      '$',
      '{',
      ';',
      '()',
      '?',
      '&',
      '=',
      '/',
      '..',
      '<',
      '\0',
      'é',
      '1',
      'a',
      '__proto__',
      'constructor',
      '[x]',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
);

/** All names and plain addresses of a compiled file. */
function namesIn(code: string): string[] {
  return [...code.matchAll(/(?:name: |client\.(?:\w+)\((?:"PROPFIND", )?)(['"])((?:(?!\1)[^\\]|\\.)*)\1/g)].map(
    ([, , text = '']) => text,
  );
}

test('whatever paths a log holds, the file compiles and lists the same names', async (t) => {
  const { stop, transform } = await import('esbuild');
  t.after(() => stop());
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(nasty, { maxLength: 12 }).map((parts) => `/${parts.join('')}`),
        { minLength: 1, maxLength: 12 },
      ),
      fc.constantFrom('GET', 'POST', 'PROPFIND'),
      async (paths, method) => {
        const tree = new PathTree({ distinct: 50, values: 5, chance: steadyChance() });
        const sessions = new Sessions({ gap: 1e6, clients: 10 });
        for (const [at, path] of paths.entries()) {
          const target = targetOf(path);
          assert.ok(target !== undefined);
          const endpoint = tree.endpointOf(method, target, true);
          if (endpoint === undefined) continue;
          endpoint.add(200, target.path + (target.query === '' ? '' : `?${target.query}`), 0);
          sessions.add('a', endpoint.id, at, at);
        }
        const recording = recordingOf(tree, sessions, 100);
        const origin = [`from ${paths.join()}`];
        const code = userFile(recording, { origin, host: paths[0], hasRedirects: true });
        // compiled from bytes, as a file is
        const compiled = await transform(Buffer.from(code), { loader: 'ts', format: 'esm', target: 'node20' });
        const found = new Set(namesIn(compiled.code).map((text) => unescapedText(text)));
        for (const { name } of recording.calls as Call[]) assert.ok(found.has(name), `${name} in ${compiled.code}`);
        const inTable = Object.keys(weights(code)).length;
        assert.equal(inTable, recording.singles.length + recording.sequences.length);
      },
    ),
    { numRuns: 300 },
  );
});

/** What a text in quotes means. */
function unescapedText(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

test('a generated file has the types of the package', async (t) => {
  const traffic = madeTraffic(20, 600);
  const log = [
    ...traffic.lines,
    logLine(begin, 'DELETE /a?token=x&b=1'),
    logLine(begin, 'PROPFIND /dav'),
    logLine(begin, 'GET /a?class=1'),
    logLine(begin, 'GET /a?class=2'),
  ];
  const { code } = await imported(t, { 'a.log': log.join('\n') });
  const { code: constant } = await imported(t, { 'a.log': logOf(['GET /', 'GET /a', 'GET /']) });
  const config = {
    compilerOptions: {
      ...{
        module: 'esnext',
        moduleResolution: 'bundler',
        target: 'es2023',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
      },
      ...{ allowImportingTsExtensions: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
      ...{ lib: ['es2023', 'esnext.iterator', 'esnext.collection'], types: ['node'] },
      paths: { katydid: [join(projectFolder, 'src/index.ts')] },
    },
    include: ['*.ts'],
  };
  const folder = await userFolder(t, {
    'recorded.ts': code,
    'constant.ts': constant,
    'tsconfig.json': JSON.stringify(config),
  });
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc');
  const { code: exit, output } = await tryRun(process.execPath, [tsc, '-p', folder]);
  assert.equal(exit, 0, output);
});
