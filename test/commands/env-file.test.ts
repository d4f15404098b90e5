import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readEnvFile, tellEnvFile, warnOfMisspelt } from '../../src/commands/env-file.ts';
import { meantVariable } from '../../src/commands/variables.ts';
import { setLogLevel, setLogSink } from '../../src/log.ts';
import { projectFolder } from '../tools/katydid.ts';

type Variables = Record<string, string | undefined>;

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'katydid-env-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** What `variables` are after a `.env` of this text was read. */
function read(t: TestContext, text: string, variables: Variables = {}): Variables {
  const path = folder(t);
  writeFileSync(join(path, '.env'), text);
  readEnvFile(path, variables);
  return variables;
}

function told(t: TestContext, tell: () => void = tellEnvFile): string[] {
  const lines: string[] = [];
  setLogSink(({ level, text }) => lines.push(`${level} ${text}`));
  setLogLevel('DEBUG');
  t.after(() => setLogLevel('INFO'));
  tell();
  return lines;
}

test('what is left empty was not given', (t) => {
  assert.deepEqual(read(t, 'LTK_DEVICE_LIST=\nLTK_PLATFORM=""\nKATYDID_SHARD=0/2\n'), { KATYDID_SHARD: '0/2' });
});

test('variables of the kit, of katydid and of Locust are read', (t) => {
  const text = 'LTK_NUM_LOCUST_WORKERS=2\nKATYDID_SHARD="0/2"\n# a comment\nLOCUST_HOST=mqtt://h # where\n';
  const expected = { LTK_NUM_LOCUST_WORKERS: '2', KATYDID_SHARD: '0/2', LOCUST_HOST: 'mqtt://h' };
  assert.deepEqual(read(t, text), expected);
});

test('other variables are not', (t) => {
  assert.deepEqual(read(t, 'PATH=/x\nNODE_OPTIONS=-x\nMY_LTK_X=1\nLTKX=1\n'), {});
});

test('the environment wins', (t) => {
  assert.deepEqual(read(t, 'LTK_A=file\nLTK_B=file', { LTK_A: 'real', LTK_B: '' }), { LTK_A: 'real', LTK_B: '' });
});

test('without a file nothing is read', (t) => {
  const variables = {};
  readEnvFile(folder(t), variables);
  assert.deepEqual(variables, {});
});

test('a file that cannot be read is an error', (t) => {
  const path = folder(t);
  mkdirSync(join(path, '.env'));
  assert.throws(() => readEnvFile(path, {}), { name: 'UsageError', message: /\.env cannot be read: EISDIR/ });
});

test('the log says once which were read, without their values', (t) => {
  read(t, 'LTK_A=hush\nKATYDID_B=hush\nC=1', { LTK_D: '' });
  assert.match(told(t).join('|'), /^DEBUG read from .*\.env: KATYDID_B, LTK_A$/);
  assert.deepEqual(told(t), []);
});

test('a variable that is nearly another one is told of once, with its line', (t) => {
  read(
    t,
    '# LOCUST_USRES=\nLOCUST_USRES=4\nLTK_DEVICE_LSIT=a.csv\n\n export KATYDID_HELTH_PORT = 8080\nLOCUST_USRES=5\n',
  );
  const warn = (): void => warnOfMisspelt({});
  assert.deepEqual(
    told(t, warn).map((line) => line.replace(/of \S*\.env/, 'of .env')),
    [
      'WARNING KATYDID_HELTH_PORT, line 5 of .env, is not known; did you mean KATYDID_HEALTH_PORT?',
      'WARNING LOCUST_USRES, line 6 of .env, is not known; did you mean LOCUST_USERS?',
      'WARNING LTK_DEVICE_LSIT, line 3 of .env, is not known; did you mean LTK_DEVICE_LIST?',
    ],
  );
  assert.deepEqual(told(t, warn), []);
});

test('a variable that is like no other, or that the user file declares, is not told of', (t) => {
  read(t, 'LTK_TENANT=acme\nLOCUST_ENV=staging\nLOCUST_USER=ada\n');
  assert.deepEqual(
    told(t, () => warnOfMisspelt({ user: { env: 'LOCUST_USER' } })),
    [],
  );
});

test('no variable that is read anywhere is told of', () => {
  const files = [
    ...['src', 'users', 'docker', 'helm'].flatMap((room) =>
      readdirSync(join(projectFolder, room), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    ),
    join(projectFolder, '.sample.env'),
  ];
  const texts = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const names = new Set(texts.match(/\b(LTK|KATYDID|LOCUST)(_[A-Z]+)+\b/g));
  assert.ok(names.size > 60);
  assert.deepEqual(
    [...names].filter((name) => meantVariable(name, {}) !== undefined),
    [],
  );
});

test('the sample sets what a device test needs', () => {
  const variables: Variables = {};
  const text = readFileSync(join(projectFolder, '.sample.env'), 'utf8');
  for (const [, name = '', value] of text.matchAll(/^([A-Z_]+)=(.*)$/gm)) variables[name] = value;
  for (const name of [
    ...['LTK_TARGET_PROJECT_ID', 'LTK_TARGET_REGION', 'LTK_TARGET_REGISTRY_ID'],
    ...['LTK_DEVICE_LIST', 'LTK_DEVICE_REGISTRY', 'LTK_TOKEN_LIFETIME'],
  ]) {
    assert.ok(variables[name], name);
  }
});
