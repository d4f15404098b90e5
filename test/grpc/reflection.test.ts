import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { GrpcError } from '../../src/grpc/failure.ts';
import { listServices } from '../../src/grpc/reflection.ts';
import { key } from '../http/target.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { serviceIn, Target, type TargetOptions } from './target.ts';

/** The service as its specification has it, field by field of what is used. */
const proto = (version: string): string => `syntax = "proto3";
package grpc.reflection.${version};
service ServerReflection { rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse); }
message ServerReflectionRequest {
  string host = 1;
  oneof message_request {
    string file_by_filename = 3;
    string file_containing_symbol = 4;
    ExtensionRequest file_containing_extension = 5;
    string all_extension_numbers_of_type = 6;
    string list_services = 7;
  }
}
message ExtensionRequest { string containing_type = 1; int32 extension_number = 2; }
message ServerReflectionResponse {
  string valid_host = 1;
  ServerReflectionRequest original_request = 2;
  oneof message_response {
    FileDescriptorResponse file_descriptor_response = 4;
    ExtensionNumberResponse all_extension_numbers_response = 5;
    ListServiceResponse list_services_response = 6;
    ErrorResponse error_response = 7;
  }
}
message FileDescriptorResponse { repeated bytes file_descriptor_proto = 1; }
message ExtensionNumberResponse { string base_type_name = 1; repeated int32 extension_number = 2; }
message ListServiceResponse { repeated ServiceResponse service = 1; }
message ServiceResponse { string name = 1; }
message ErrorResponse { int32 error_code = 1; string error_message = 2; }
`;

interface Request {
  readonly listServices?: string;
}

/** A server with reflection of this version, which answers so. */
async function reflecting(t: TestContext, version: string, answer: object, given: TargetOptions = {}): Promise<Target> {
  const folder = await userFolder(t, { 'reflection.proto': proto(version) });
  const service = serviceIn(loadSync(`${folder}/reflection.proto`));
  const info = (call: ServerDuplexStream<Request, object>): void => {
    call.on('data', ({ listServices }: Request) => call.write(listServices === undefined ? {} : answer));
    call.on('end', () => call.end());
  };
  return Target.start(t, {}, { ...given, services: [[service, { ServerReflectionInfo: info }]] });
}

const two = { listServicesResponse: { service: [{ name: 'text.v1.Classifier' }, { name: 'grpc.health.v1.Health' }] } };

for (const version of ['v1', 'v1alpha'] as const) {
  test(`services are listed by ${version}`, async (t) => {
    const target = await reflecting(t, version, two);
    const services = ['text.v1.Classifier', 'grpc.health.v1.Health'];
    assert.deepEqual(await listServices(target.host), { version, services });
    await target.untilOpen(0);
  });
}

test('a server without services has an empty list', async (t) => {
  const target = await reflecting(t, 'v1', { listServicesResponse: {} });
  assert.deepEqual((await listServices(target.host)).services, []);
});

test('over TLS', async (t) => {
  const pairs = [{ cert_chain: key('server'), private_key: key('server-key') }];
  const target = await reflecting(t, 'v1', two, { credentials: ServerCredentials.createSsl(null, pairs) });
  for (const tls of [{ ca: key('authority') }, { insecure: true }]) {
    assert.equal((await listServices(`https://${target.host}`, { tls })).services.length, 2);
  }
});

const failsWith = (text: RegExp) => (thrown: unknown) => thrown instanceof GrpcError && text.test(thrown.message);

test('a server without reflection is UNIMPLEMENTED', async (t) => {
  const target = await Target.start(t);
  await assert.rejects(listServices(target.host), failsWith(/^UNIMPLEMENTED/));
});

test('what the server says is wrong is told', async (t) => {
  const target = await reflecting(t, 'v1', { errorResponse: { errorCode: 7, errorMessage: 'not for you' } });
  await assert.rejects(listServices(target.host), failsWith(/^PERMISSION_DENIED: not for you$/));
});

test('nobody there is UNAVAILABLE', async () => {
  await assert.rejects(listServices('127.0.0.1:1'), failsWith(/^UNAVAILABLE: .*ECONNREFUSED/));
});
