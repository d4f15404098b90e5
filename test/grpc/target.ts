// A gRPC server in this process, for one test: grpc-js behind sockets that the test can count and cut.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerErrorResponse,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync, type PackageDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import type { BidiStreaming, ClientStreaming, ServerStreaming, Unary } from '../../src/grpc/client.ts';
import { until } from '../e2e/until.ts';

/** The service that is in `protos/`. */
export const textProto: string = join(import.meta.dirname, '../../protos/text.proto');

export interface Text {
  readonly text: string;
}
export interface Category {
  readonly category: number;
}
export interface Word extends Category {
  readonly word: string;
}
export interface Sum {
  readonly texts: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** The client of `text.v1.Classifier`. */
export interface Classifier {
  readonly predict: Unary<Text, Category>;
  readonly predictAll: ClientStreaming<Text, Sum>;
  readonly predictWords: ServerStreaming<Text, Word>;
  readonly predictEach: BidiStreaming<Text, Category>;
}

/** What a test does instead of the usual. */
export interface Handlers {
  predict?(call: ServerUnaryCall<Text, Category>, answer: sendUnaryData<Category>): void;
  predictAll?(call: ServerReadableStream<Text, Sum>, answer: sendUnaryData<Sum>): void;
  predictWords?(call: ServerWritableStream<Text, Word>): void;
  predictEach?(call: ServerDuplexStream<Text, Category>): void;
}

/** The category is the length of the text, so that a test sees which text was meant. */
const usual: Required<Handlers> = {
  predict: (call, answer) => answer(null, { category: call.request.text.length }),
  predictAll(call, answer) {
    const counts: Record<string, number> = {};
    let texts = 0;
    call.on('data', ({ text }: Text) => {
      texts++;
      counts[text.length] = (counts[text.length] ?? 0) + 1;
    });
    call.on('end', () => answer(null, { texts, counts }));
  },
  predictWords(call) {
    for (const word of call.request.text.split(' ')) call.write({ word, category: word.length });
    call.end();
  },
  predictEach(call) {
    call.on('data', ({ text }: Text) => call.write({ category: text.length }));
    call.on('end', () => call.end());
  },
};

export interface TargetOptions {
  readonly credentials?: ServerCredentials;
  /** Of grpc-js's server. */
  readonly options?: Record<string, string | number>;
  /** A free one if not given. */
  readonly port?: number;
  /** Other services that it has, too. */
  readonly services?: readonly (readonly [ServiceDefinition, UntypedServiceImplementation])[];
}

export class Target {
  readonly port: number;
  /** Each connection that was opened, to the end of the test. */
  readonly sockets: Socket[] = [];
  readonly #listening: ReturnType<typeof createServer>;
  readonly #server: Server;
  readonly #injector: ReturnType<Server['createConnectionInjector']>;

  private constructor(server: Server, credentials: ServerCredentials, listening: ReturnType<typeof createServer>) {
    this.#server = server;
    this.#injector = server.createConnectionInjector(credentials);
    this.#listening = listening;
    this.port = (listening.address() as AddressInfo).port;
    listening.on('connection', (socket) => {
      this.sockets.push(socket);
      // A test cuts it in the middle of what is written.
      socket.on('error', () => {});
      this.#injector.injectConnection(socket);
    });
  }

  /** A server of `text.v1.Classifier`, gone after the test. */
  static async start(t: TestContext, handlers: Handlers = {}, given: TargetOptions = {}): Promise<Target> {
    const { credentials = ServerCredentials.createInsecure(), options = {}, port = 0, services = [] } = given;
    const server = new Server(options);
    server.addService(serviceIn(loadText()), { ...usual, ...handlers } as unknown as UntypedServiceImplementation);
    for (const [service, implementation] of services) server.addService(service, implementation);
    const listening = createServer();
    await new Promise<void>((resolve) => {
      listening.listen(port, '127.0.0.1', resolve);
    });
    const target = new Target(server, credentials, listening);
    t.after(() => target.kill());
    return target;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Connections that were opened so far. */
  get connections(): number {
    return this.sockets.length;
  }

  get openConnections(): number {
    return this.sockets.filter((socket) => !socket.destroyed).length;
  }

  async untilOpen(count: number): Promise<void> {
    await until(`${count} connections are open`, () => this.openConnections === count, {
      every: 0.01,
      show: () => this.openConnections,
    });
  }

  /** Cuts every connection, whatever is on its way. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Tells the clients to go away (GOAWAY) and takes no more of them; calls in flight end well. */
  goAway(): void {
    this.#listening.close();
    this.#injector.destroy();
  }

  /** Ends it at once. */
  kill(): void {
    this.#listening.close();
    this.cut();
    this.#server.forceShutdown();
  }
}

const loadText = (): PackageDefinition => loadSync(textProto, { longs: String, enums: String, defaults: true });

/** The only service of these files. */
export function serviceIn(definition: PackageDefinition): ServiceDefinition {
  const [service] = Object.values(definition).filter((entry) => typeof entry.format !== 'string');
  if (service === undefined) throw new Error('there is no service');
  return service as ServiceDefinition;
}

/** An error as a server answers it. */
export function status(code: number, details: string): ServerErrorResponse {
  return Object.assign(new Error(details), { code, details });
}
