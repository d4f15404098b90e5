import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';
import { serviceIn, Target } from '../grpc/target.ts';
import { userFolder } from '../swarm/user-folder.ts';

const reflection = `syntax = "proto3"; package grpc.reflection.v1;
service ServerReflection { rpc ServerReflectionInfo(stream Request) returns (stream Response); }
message Request { string list_services = 7; }
message Response { List list_services_response = 6; }
message List { repeated Service service = 1; }
message Service { string name = 1; }`;

/** The exit code, and what was printed of that host. */
function asked(host: string): Promise<[code: number, line: string]> {
  return new Promise((resolve) => {
    const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
    execFile(process.execPath, ['--import', 'tsx', cli, 'doctor', '--grpc', host], (error, stdout) => {
      resolve([error === null ? 0 : Number(error.code), stdout.split('\n').find((line) => line.includes(host)) ?? '']);
    });
  });
}

test('doctor --grpc lists the services of a server', async (t) => {
  const folder = await userFolder(t, { 'reflection.proto': reflection });
  const service = serviceIn(loadSync(`${folder}/reflection.proto`));
  const target = await Target.start(
    t,
    {},
    {
      services: [
        [
          service,
          {
            ServerReflectionInfo(call: {
              on(event: 'data', listener: () => void): void;
              write(message: object): void;
            }) {
              call.on('data', () =>
                call.write({ listServicesResponse: { service: [{ name: 'text.v1.Classifier' }] } }),
              );
            },
          },
        ],
      ],
    },
  );
  const [code, line] = await asked(target.host);
  assert.equal(code, 0);
  assert.equal(line, `ok   ${target.host} has the gRPC services text.v1.Classifier (server reflection v1)`);
});

test('a server without reflection is a warning, none at all a failure', async (t) => {
  const target = await Target.start(t);
  assert.deepEqual(await asked(target.host), [
    0,
    `warn ${target.host} answers, but has no server reflection: it does not tell its gRPC services`,
  ]);
  const [code, line] = await asked('127.0.0.1:1');
  assert.equal(code, 1);
  assert.match(line, /^fail 127\.0\.0\.1:1 does not answer gRPC: UNAVAILABLE: /);
});
