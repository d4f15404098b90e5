import {
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

interface Asked {
  readonly service: string;
}
interface Health {
  readonly status: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}

const name = 'grpc.health.v1.Health';
const messages = { requestType: 'HealthCheckRequest', responseType: 'HealthCheckResponse' };

/** grpc.health.v1 of the gRPC project, whose package for it would bring a second proto-loader. */
const definition = fromJSON(
  {
    nested: {
      grpc: {
        nested: {
          health: {
            nested: {
              v1: {
                nested: {
                  HealthCheckRequest: { fields: { service: { type: 'string', id: 1 } } },
                  HealthCheckResponse: {
                    fields: { status: { type: 'ServingStatus', id: 1 } },
                    nested: {
                      ServingStatus: { values: { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } },
                    },
                  },
                  Health: {
                    methods: {
                      Check: { ...messages, comment: 'How it is now.' },
                      Watch: { ...messages, responseStream: true, comment: 'How it is, whenever that changes.' },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
  { enums: String, defaults: true },
);

/** The standard health service of a server with these services: all are well until the server ends. */
export class HealthService {
  readonly #services: ReadonlySet<string>;
  readonly #watchers = new Set<ServerWritableStream<Asked, Health>>();
  #isEnding = false;

  constructor(services: readonly string[]) {
    this.#services = new Set(['', ...services]);
  }

  addTo(server: Server): void {
    const implementation: UntypedServiceImplementation = {
      check: (call: ServerUnaryCall<Asked, Health>, answer: sendUnaryData<Health>) => {
        if (this.#services.has(call.request.service)) answer(null, this.#health());
        else answer({ code: status.NOT_FOUND, details: 'unknown service' });
      },
      watch: (call: ServerWritableStream<Asked, Health>) => {
        call.write(this.#services.has(call.request.service) ? this.#health() : { status: 'SERVICE_UNKNOWN' });
        if (this.#isEnding) return call.end();
        this.#watchers.add(call);
        call.on('cancelled', () => this.#watchers.delete(call));
      },
    };
    server.addService(definition[name] as ServiceDefinition, implementation);
  }

  /** Nothing is well any more: those who watch are told, and need not be waited for. */
  end(): void {
    this.#isEnding = true;
    for (const watcher of this.#watchers) {
      if (this.#services.has(watcher.request.service)) watcher.write(this.#health());
      watcher.end();
    }
    this.#watchers.clear();
  }

  #health(): Health {
    return { status: this.#isEnding ? 'NOT_SERVING' : 'SERVING' };
  }
}
