import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { UsageError } from '../../src/errors.ts';
import { GrpcUser } from '../../src/grpc/grpc-user.ts';
import { readUserFile } from '../../src/swarm/manifest.ts';
import { startPool } from '../swarm/pool-under-test.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { Target, textProto } from './target.ts';
import { makeEnvironment, type Statics, userOf } from './user-under-test.ts';

/** What is said when a class with these statics is loaded from a folder with these files; `…` is the folder. */
async function refusal(t: TestContext, statics: Statics, files: Record<string, string> = {}): Promise<string> {
  const folder = await userFolder(t, files);
  class TextUser extends GrpcUser {
    static override tasks = { predict: 1 };
    predict(): void {}
  }
  Object.assign(TextUser, statics);
  try {
    readUserFile([{ TextUser }], makeEnvironment(), [folder]);
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError, String(thrown));
    assert.ok(!thrown.message.includes('\n'), thrown.message);
    return thrown.message.replaceAll(folder, '…').replaceAll(process.cwd(), '.');
  }
  throw new Error('it was not refused');
}

const proto = (body: string): string => `syntax = "proto3";\npackage a.b;\n${body}\n`;
const service = (name: string): string => `message M {} service ${name} { rpc Go(M) returns (M); }`;

const refused: readonly [what: string, statics: Statics, files: Record<string, string>, text: string][] = [
  [
    'neither proto nor definition',
    {},
    {},
    "TextUser has neither static proto = '…/service.proto' nor static definition = a generated service definition",
  ],
  ['no such file', { proto: 'x.proto' }, {}, 'TextUser.proto: …/x.proto and x.proto do not exist'],
  ['no path', { proto: 5 as never }, {}, 'TextUser.proto is 5; the path of a .proto file is expected'],
  [
    'a syntax error',
    { proto: 'x.proto' },
    { 'x.proto': proto('message M {\n  string = 1;\n}') },
    "TextUser.proto: …/x.proto:4: illegal name '='",
  ],
  [
    'an unknown type',
    { proto: 'x.proto' },
    { 'x.proto': proto('message M { Nope x = 1; }') },
    "TextUser.proto: …/x.proto: no such Type or Enum 'Nope' in Type .a.b.M",
  ],
  [
    'a missing import',
    { proto: 'x.proto' },
    { 'x.proto': proto('import "c/d.proto";') },
    "TextUser.proto: …/x.proto imports …/c/d.proto, which does not exist; say where its imports begin with static includeDirs = ['protos']",
  ],
  [
    'no service',
    { proto: 'x.proto' },
    { 'x.proto': proto('message M {}') },
    'TextUser.proto: the files define no service',
  ],
  [
    'several services',
    { proto: 'x.proto' },
    { 'x.proto': proto(`${service('One')} service Two {}`) },
    "TextUser: the files define several services; say which: static service = 'a.b.One', or a.b.Two",
  ],
  [
    'a mistyped service',
    { proto: 'x.proto', service: 'a.b.Onn' },
    { 'x.proto': proto(service('One')) },
    "TextUser.service is 'a.b.Onn', which the files do not define; did you mean 'a.b.One'?",
  ],
  [
    'a wrong service',
    { proto: 'x.proto', service: 'something.else.Entirely' },
    { 'x.proto': proto(service('One')) },
    "TextUser.service is 'something.else.Entirely', which the files do not define; they define a.b.One",
  ],
  [
    'a folder for imports that is not there',
    { proto: textProto, includeDirs: ['nowhere'] },
    {},
    'TextUser.includeDirs: …/nowhere and nowhere do not exist',
  ],
  [
    'no definition',
    { definition: { predict: {} } as never },
    {},
    "TextUser.definition is no service definition: 'predict' has no path, requestSerialize …; give what was generated for grpc-js or nice-grpc",
  ],
  [
    'a wrong channel',
    { proto: textProto, channel: 'single' as never },
    {},
    "TextUser.channel is 'single'; 'per-user', 'shared' or { pool: 4 } is expected",
  ],
  [
    'an empty pool',
    { proto: textProto, channel: { pool: 0 } },
    {},
    "TextUser.channel is {\"pool\":0}; 'per-user', 'shared' or { pool: 4 } is expected",
  ],
  [
    'a wrong deadline',
    { proto: textProto, deadline: 0 },
    {},
    'TextUser.deadline is 0; seconds above 0 are expected, or Infinity for no limit',
  ],
  [
    'wrong metadata',
    { proto: textProto, metadata: { 'x y': 'a' } },
    {},
    'metadata \'x y\': Metadata key "x y" contains illegal characters; texts are expected, or bytes for names that end in -bin',
  ],
  [
    'a wrong limit',
    { proto: textProto, maxReceiveBytes: 1.5 },
    {},
    'TextUser.maxReceiveBytes is 1.5; bytes are expected, or -1 for no limit',
  ],
];
for (const [what, statics, files, text] of refused) {
  test(`${what} is told in one line when the user file is loaded`, async (t) => {
    assert.equal(await refusal(t, statics, files), text);
  });
}

test('files are found beside the user file, by an address, and with folders for their imports', async (t) => {
  const target = await Target.start(t);
  const folder = await userFolder(t, {
    'protos/text/v1/text.proto':
      'syntax = "proto3"; package text.v1; import "text/v1/types.proto"; import "google/protobuf/timestamp.proto"; service Classifier { rpc Predict(T) returns (C); } message X { google.protobuf.Timestamp at = 1; }',
    'protos/text/v1/types.proto':
      'syntax = "proto3"; package text.v1; message T { string text = 1; } message C { int32 category = 1; }',
  });
  const warnings: string[] = [];
  const listener = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', listener);
  t.after(() => process.off('warning', listener));
  const file = 'protos/text/v1/text.proto';
  for (const path of [
    file,
    join(folder, file),
    pathToFileURL(join(folder, file)),
    pathToFileURL(join(folder, file)).href,
  ]) {
    class TextUser extends GrpcUser<'predict'> {
      static override host = target.host;
      static override proto = [path];
      static override includeDirs = ['protos'];
      static override tasks = { go: 1 };
      go(): void {}
    }
    readUserFile([{ TextUser }], makeEnvironment(), [folder]);
    const { response } = await userOf(t, TextUser).client.predict({ text: 'four' });
    assert.equal(response?.category, 4);
  }
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(warnings, []);
});

test('a user file in a load thread finds its proto beside it; the users call', { timeout: 60_000 }, async (t) => {
  const target = await Target.start(t);
  const folder = await userFolder(t, {
    'users/grpc.ts': `import { GrpcUser, type Tasks, type Unary, constant } from 'katydid';
    interface Classifier { predict: Unary<{ text: string }, { category: number }> }
    export class TextUser extends GrpcUser<Classifier> {
      static host = '${target.host}';
      static proto = '../protos/text.proto';
      static service = 'text.v1.Classifier';
      static waitTime = constant(60);
      static tasks = { go: 1 } satisfies Tasks<TextUser>;
      async go() { await this.client.predict({ text: 'four' }); }
    }`,
    'protos/text.proto': await readFile(textProto, 'utf8'),
  });
  const { resize, measured } = await startPool(t, '', { files: [join(folder, 'users/grpc.ts')] });
  await resize({ TextUser: 3 });
  const { total } = await measured((stats) => stats.total.numRequests === 3);
  assert.deepEqual([total.numFailures, target.connections], [0, 3]);
});

test('a thread without gRPC users does not load the library', async () => {
  const index = new URL('../../src/index.ts', import.meta.url).href;
  const code = `await import('${index}'); const { createRequire } = await import('node:module');
    const loaded = Object.keys(createRequire('${index}').cache).filter((path) => path.includes('@grpc'));
    process.stdout.write(JSON.stringify(loaded));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    code,
  ]);
  assert.equal(stdout, '[]');
});
