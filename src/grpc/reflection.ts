import type { Client, ServiceError } from '@grpc/grpc-js';
import type { fromJSON, ServiceDefinition } from '@grpc/proto-loader';
import { contextOf, type TlsOptions } from '../user/tls.ts';
import { codes, failureText, GrpcError } from './failure.ts';
import { grpc, protoLoader } from './library.ts';
import { targetOf } from './target.ts';

/** What a server says of itself. */
export interface Reflected {
  /** Which of the two protocols it answers: `v1` is what `v1alpha` became. */
  readonly version: 'v1' | 'v1alpha';
  /** `package.Service`, in the order of the server. */
  readonly services: readonly string[];
}

export interface ReflectionOptions {
  readonly tls?: TlsOptions | undefined;
  /** Seconds; 5 if not given. */
  readonly deadline?: number | undefined;
}

interface ReflectionResponse {
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly errorResponse?: { readonly errorCode: number; readonly errorMessage: string };
}

/** The part of grpc.reflection that lists services: both versions have the same messages. */
const messages = {
  ServerReflection: {
    methods: {
      ServerReflectionInfo: {
        requestType: 'ServerReflectionRequest',
        requestStream: true,
        responseType: 'ServerReflectionResponse',
        responseStream: true,
      },
    },
  },
  ServerReflectionRequest: {
    oneofs: { messageRequest: { oneof: ['listServices'] } },
    fields: { host: { type: 'string', id: 1 }, listServices: { type: 'string', id: 7 } },
  },
  ServerReflectionResponse: {
    fields: {
      listServicesResponse: { type: 'ListServiceResponse', id: 6 },
      errorResponse: { type: 'ErrorResponse', id: 7 },
    },
  },
  ListServiceResponse: { fields: { service: { rule: 'repeated', type: 'ServiceResponse', id: 1 } } },
  ServiceResponse: { fields: { name: { type: 'string', id: 1 } } },
  ErrorResponse: { fields: { errorCode: { type: 'int32', id: 1 }, errorMessage: { type: 'string', id: 2 } } },
};

/**
 * The services of a server, if it has server reflection switched on. Throws `GrpcError` if it does not answer:
 * `UNIMPLEMENTED` if it has no reflection.
 */
export async function listServices(host: string, { tls, deadline = 5 }: ReflectionOptions = {}): Promise<Reflected> {
  const { address, isSecure } = targetOf(host, tls !== undefined);
  const { Client, credentials } = grpc();
  const rejectUnauthorized = tls?.insecure !== true;
  const trust = isSecure
    ? credentials.createFromSecureContext(contextOf(tls), { rejectUnauthorized })
    : credentials.createInsecure();
  const client = new Client(address, trust, { 'grpc.use_local_subchannel_pool': 1, 'grpc.enable_http_proxy': 0 });
  const until = Date.now() + deadline * 1000;
  try {
    return { version: 'v1', services: await ask(client, 'v1', until) };
  } catch (thrown) {
    if (!(thrown instanceof GrpcError) || thrown.code !== codes.UNIMPLEMENTED) throw thrown;
    return { version: 'v1alpha', services: await ask(client, 'v1alpha', until) };
  } finally {
    client.close();
  }
}

/** `deadline` in epoch milliseconds. */
function ask(client: Client, version: Reflected['version'], deadline: number): Promise<readonly string[]> {
  const nested = { grpc: { nested: { reflection: { nested: { [version]: { nested: messages } } } } } };
  const definition = protoLoader().fromJSON({ nested } as Parameters<typeof fromJSON>[0], {
    defaults: false,
    arrays: true,
  });
  const service = definition[`grpc.reflection.${version}.ServerReflection`] as ServiceDefinition;
  return new Promise((resolve, reject) => {
    const info = service.ServerReflectionInfo;
    if (info === undefined) throw new Error('the description of the reflection service is broken');
    const { path, requestSerialize, responseDeserialize } = info;
    const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, { deadline });
    call.on('data', ({ listServicesResponse, errorResponse }: ReflectionResponse) => {
      if (errorResponse === undefined) resolve((listServicesResponse?.service ?? []).map(({ name }) => name));
      else reject(errorOf(errorResponse.errorCode, errorResponse.errorMessage));
      call.end();
    });
    call.on('error', ({ code, details }: ServiceError) => reject(errorOf(code, details)));
    call.on('end', () => reject(errorOf(codes.INTERNAL, 'The server ended the call without an answer')));
    call.write({ listServices: '*' });
  });
}

const errorOf = (code: number, details: string): GrpcError => new GrpcError(code, failureText(code, details));
