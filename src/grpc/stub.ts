import { UsageError } from '../errors.ts';
import { nearest } from '../words.ts';
import type { CallOptions } from './options.ts';
import type { Method, Service } from './service.ts';
import type { GrpcSession } from './session.ts';
import { GrpcStream } from './stream.ts';
import { StreamCall } from './stream-call.ts';
import { performUnary } from './unary-call.ts';

/** Makes the client of one user: an object with a method for each call of the service. */
export type Stub = new (session: GrpcSession) => object;

/** A client class of a service: its methods are made once, not for each user. */
export function stubOf(service: Service): Stub {
  class ServiceStub {
    readonly #session: GrpcSession;

    constructor(session: GrpcSession) {
      this.#session = session;
    }

    static define(name: string, method: Method): void {
      const make = makerOf(method);
      const value = function (this: ServiceStub, request?: unknown, options?: CallOptions): unknown {
        return make(this.#session, method, request, options);
      };
      Object.defineProperty(ServiceStub.prototype, name, { value });
    }
  }
  for (const [name, method] of service.methods) ServiceStub.define(name, method);
  Object.setPrototypeOf(ServiceStub.prototype, unknownMethods(service));
  return ServiceStub;
}

type Maker = (session: GrpcSession, method: Method, request: unknown, options: CallOptions | undefined) => unknown;

function makerOf({ requestStream, responseStream }: Method): Maker {
  if (!requestStream && !responseStream) return performUnary;
  return (session, method, request, options) => {
    const call = new StreamCall(session, method, request, options);
    call.begin();
    return responseStream ? new GrpcStream(call) : call.collect();
  };
}

/** What is asked of any object, by `await` or when it is printed. */
const ordinary: ReadonlySet<string> = new Set(['then', 'toJSON', ...Object.getOwnPropertyNames(Object.prototype)]);

/** Says what there is instead of a method that there is not: only looked at where no method was found. */
function unknownMethods({ name: service, methods }: Service): object {
  return new Proxy(Object.prototype, {
    get(target, name, receiver): unknown {
      if (typeof name === 'symbol' || ordinary.has(name)) return Reflect.get(target, name, receiver);
      return (): never => {
        // Each has a name in camelCase; the one in the file may be another.
        const names = [...methods.keys()].filter((known) => /^[a-z]/.test(known));
        const hint = nearest(name, names);
        throw new UsageError(
          `${service} has no method '${name}'; ${hint === undefined ? `it has ${names.join(', ')}` : `did you mean '${hint}'?`}`,
        );
      };
    },
  });
}
