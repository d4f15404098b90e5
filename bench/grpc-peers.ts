// Duty: the gRPC load generators of others, found or installed once into the tools' folder.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../test/tools/cache.ts';
import { projectFolder } from '../test/tools/katydid.ts';
import { newestLocust } from '../test/tools/locust.ts';
import { run } from '../test/tools/run.ts';
import type { Generator } from './generator.ts';
import { payload } from './peers/payload.ts';
import { findK6, goEnv, k6Command, node, peer } from './peers.ts';

const ghzVersion = '0.121.0';
const grpcioVersion = '1.85.1';
const protos = join(projectFolder, 'protos');

/** All users on one connection. */
const one = (): number => 1;

async function findGhz(): Promise<string> {
  const home = await cached(`ghz-${ghzVersion}`, async (folder) => {
    await mkdir(folder, { recursive: true });
    const module = `github.com/bojand/ghz/cmd/ghz@v${ghzVersion}`;
    await run('env', [`GOBIN=${folder}`, 'go', 'install', module]);
  });
  return join(home, 'ghz');
}

/** Locust with grpcio and the stubs of `protos/text.proto`, in a folder of its own. */
async function findLocustWithGrpc(): Promise<string> {
  const { length } = await readFile(join(protos, 'text.proto'));
  return cached(`locust-${newestLocust}-grpcio-${grpcioVersion}-${length}`, async (folder) => {
    await run('python3', ['-m', 'venv', folder]);
    const python = join(folder, 'bin', 'python');
    const wanted = [`locust==${newestLocust}`, `grpcio==${grpcioVersion}`, `grpcio-tools==${grpcioVersion}`];
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted]);
    const stubs = join(folder, 'stubs');
    await mkdir(stubs);
    const out = [`--python_out=${stubs}`, `--grpc_python_out=${stubs}`];
    await run(python, ['-m', 'grpc_tools.protoc', '-I', protos, ...out, 'text.proto']);
    // pip writes absolute paths into its scripts; this one still works after the folder was renamed.
    const here = '$(dirname "$0")';
    const script = `#!/bin/sh\nPYTHONPATH="${here}/../stubs" exec "${here}/python" -m locust "$@"\n`;
    await writeFile(join(folder, 'bin', 'locust'), script);
    await chmod(join(folder, 'bin', 'locust'), 0o755);
  });
}

/** A bare loop over grpc-js: `per-user` or `shared`, as `GrpcUser.channel`. */
const bare = (name: string, policy: string, more: Partial<Generator> = {}): Generator => ({
  name,
  ...more,
  prepare:
    async () =>
    ({ url, users }) =>
      node('grpc-bare.ts', url, String(users), policy),
});

const ghz = (name: string, connections: (users: number) => number): Generator => ({
  name,
  env: goEnv,
  connections,
  async prepare() {
    const program = await findGhz();
    return ({ url, users, seconds }) => [
      ...([program, '--insecure', '--proto', join(protos, 'text.proto')] as const),
      ...['--call', 'text.v1.Classifier.Predict', '-d', JSON.stringify({ text: payload.text })],
      ...['--disable-template-functions', '--disable-template-data'],
      ...['-c', String(users), '--connections', String(connections(users)), '-z', `${seconds}s`],
      new URL(url).host,
    ];
  },
});

export const grpcPeers: readonly Generator[] = [
  bare('bare grpc-js', 'per-user'),
  bare('bare grpc-js shared', 'shared', { connections: one }),
  {
    name: 'Locust grpcio',
    isWorker: true,
    async prepare() {
      const command = join(await findLocustWithGrpc(), 'bin', 'locust');
      return ({ masterPort }) => [
        ...([command, '-f', peer('locust_grpc.py')] as const),
        ...['--worker', '--master-port', String(masterPort)],
      ];
    },
  },
  {
    name: 'k6',
    env: goEnv,
    async prepare() {
      const k6 = await findK6();
      return (setting) => k6Command(k6, setting, { script: 'k6-grpc.js' });
    },
  },
  ghz('ghz', (users) => users),
  ghz('ghz shared', one),
];
