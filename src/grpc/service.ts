import type { ServiceDefinition as LoadedService, PackageDefinition } from '@grpc/proto-loader';
import { UsageError } from '../errors.ts';
import { nearest } from '../words.ts';
import { Descriptors, type MessageDescriptor } from './descriptors.ts';
import { RequestCheck } from './request-check.ts';

/** One call that a service knows. */
export interface Method {
  /** `/package.Service/Method`. */
  readonly path: string;
  /** Whether the request, and the response, is a stream. */
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  /** Throws `UsageError` if the object is no such request. */
  readonly serialize: (request: unknown) => Buffer;
  readonly deserialize: (bytes: Buffer) => unknown;
}

/** A service: its methods, by all the names under which tasks may call them. */
export interface Service {
  readonly name: string;
  readonly methods: ReadonlyMap<string, Method>;
}

/** As grpc_tools_node_protoc, proto-loader and ts-proto (`outputServices=grpc-js`) generate it: method → definition. */
export interface GrpcJsDefinition {
  readonly [name: string]: {
    readonly path: string;
    readonly requestStream: boolean;
    readonly responseStream: boolean;
    readonly requestSerialize: (request: never) => Uint8Array;
    readonly responseDeserialize: (bytes: Buffer) => unknown;
  };
}

/** As ts-proto generates it for nice-grpc (`outputServices=generic-definitions`). */
export interface GenericDefinition {
  readonly fullName: string;
  readonly methods: {
    readonly [name: string]: {
      readonly name: string;
      readonly requestStream: boolean;
      readonly responseStream: boolean;
      readonly requestType: {
        encode(message: never): { finish(): Uint8Array };
        fromPartial?(object: never): unknown;
      };
      readonly responseType: { decode(bytes: Uint8Array): unknown };
    };
  };
}

/** The definition of a service as a generator writes it. */
export type ServiceDefinition = GrpcJsDefinition | GenericDefinition;

/** The service `name` of loaded files; their only one if no name is given. `className` is for errors. */
export function serviceOfProto(definition: PackageDefinition, name: string | undefined, className: string): Service {
  const services = new Map(
    Object.entries(definition).filter((entry): entry is [string, LoadedService] => isService(entry[1])),
  );
  const names = [...services.keys()];
  const [only] = names;
  if (only === undefined) throw new UsageError(`${className}.proto: the files define no service`);
  if (name === undefined && names.length > 1) {
    throw new UsageError(
      `${className}: the files define several services; say which: static service = '${only}', or ${names.slice(1).join(', ')}`,
    );
  }
  const chosen = name ?? only;
  const service = services.get(chosen);
  if (service === undefined) {
    const hint = nearest(chosen, names);
    throw new UsageError(
      `${className}.service is '${chosen}', which the files do not define; ${hint === undefined ? `they define ${names.join(', ')}` : `did you mean '${hint}'?`}`,
    );
  }
  const checks = new RequestCheck(new Descriptors(definition));
  const home = chosen.slice(0, Math.max(0, chosen.lastIndexOf('.')));
  const methods = new Map<string, Method>();
  for (const [key, method] of Object.entries(service)) {
    const check = checks.of(method.requestType.type as unknown as MessageDescriptor, home);
    const serialize = method.requestSerialize as (request: unknown) => Buffer;
    add(methods, [key, method.originalName], {
      ...flags(method),
      path: method.path,
      serialize: serializer(method.path, (request) => {
        const problem = check?.problem(request);
        if (problem !== undefined) throw new Error(problem);
        return serialize(request);
      }),
      deserialize: method.responseDeserialize,
    });
  }
  return { name: chosen, methods };
}

/** The service of a generated definition. */
export function serviceOfDefinition(definition: ServiceDefinition, className: string): Service {
  if (isGeneric(definition)) return ofGeneric(definition);
  const methods = new Map<string, Method>();
  for (const [key, method] of Object.entries(definition)) {
    if (typeof method?.path !== 'string' || typeof method.requestSerialize !== 'function') {
      throw new UsageError(
        `${className}.definition is no service definition: '${key}' has no path, requestSerialize …; give what was generated for grpc-js or nice-grpc`,
      );
    }
    const serialize = method.requestSerialize as (request: unknown) => Uint8Array;
    add(methods, [key], {
      ...flags(method),
      path: method.path,
      serialize: serializer(method.path, serialize),
      deserialize: method.responseDeserialize,
    });
  }
  const [first] = methods.values();
  if (first === undefined) throw new UsageError(`${className}.definition has no methods`);
  return { name: first.path.slice(1, first.path.lastIndexOf('/')), methods };
}

function ofGeneric({ fullName, methods: given }: GenericDefinition): Service {
  const methods = new Map<string, Method>();
  for (const [key, method] of Object.entries(given)) {
    const path = `/${fullName}/${method.name}`;
    const requestType = method.requestType as {
      encode(message: unknown): { finish(): Uint8Array };
      fromPartial?(object: unknown): unknown;
    };
    const { responseType } = method;
    const complete = (request: unknown): unknown => requestType.fromPartial?.(request) ?? request;
    add(methods, [key, method.name], {
      ...flags(method),
      path,
      serialize: serializer(path, (request) => requestType.encode(complete(request)).finish()),
      deserialize: (bytes) => responseType.decode(bytes),
    });
  }
  return { name: fullName, methods };
}

const isService = (entry: PackageDefinition[string]): entry is LoadedService => typeof entry.format !== 'string';

const isGeneric = (definition: ServiceDefinition): definition is GenericDefinition =>
  typeof definition.fullName === 'string' && typeof definition.methods === 'object';

function flags(method: {
  requestStream: boolean;
  responseStream: boolean;
}): Pick<Method, 'requestStream' | 'responseStream'> {
  return { requestStream: method.requestStream === true, responseStream: method.responseStream === true };
}

/** A wrong request is a mistake of the task: its error says which call and which field. */
function serializer(path: string, serialize: (request: unknown) => Uint8Array): Method['serialize'] {
  return (request) => {
    try {
      const bytes = serialize(request);
      return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (cause) {
      throw new UsageError(`${path}: ${(cause as Error).message}`, { cause });
    }
  };
}

/** `Predict` may be called `predict`, too. */
function add(methods: Map<string, Method>, names: readonly (string | undefined)[], method: Method): void {
  for (const name of names) {
    if (name === undefined) continue;
    for (const one of [name, name.charAt(0).toLowerCase() + name.slice(1)]) {
      if (!methods.has(one)) methods.set(one, method);
    }
  }
}
