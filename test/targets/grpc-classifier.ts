// A plain client of text.v1.Classifier and of the health service, by grpc-js alone.
import { fileURLToPath } from 'node:url';
import {
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientWritableStream,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';

/** How a call ended, with all that it answered before. */
export interface Ended {
  readonly code: number;
  readonly details: string;
  readonly messages: readonly unknown[];
}

interface Text {
  readonly text: string;
}

type Unary = (request: object, done: (error: ServiceError | null, message: unknown) => void) => void;

const proto = fileURLToPath(new URL('../../protos/text.proto', import.meta.url));

/** Written for the tests, so that the service of the target is not its own witness. */
const health = loadPackageDefinition(healthDefinition((bytes) => bytes.at(1) ?? 0) as unknown as PackageDefinition)
  .Health as ServiceClientConstructor;

function healthDefinition(statusOf: (bytes: Buffer) => number): object {
  const method = (path: string, responseStream: boolean): object => ({
    path: `/grpc.health.v1.Health/${path}`,
    requestStream: false,
    responseStream,
    requestSerialize: (service: string) => Buffer.from([10, service.length, ...Buffer.from(service)]),
    responseDeserialize: statusOf,
  });
  return { Health: { Check: method('Check', false), Watch: method('Watch', true) } };
}

/** Closed by the test that made it. */
export class GrpcClassifier {
  readonly #client;
  readonly #health;

  constructor(host: string) {
    const { text } = loadPackageDefinition(loadSync(proto, { defaults: true })) as unknown as {
      readonly text: { readonly v1: { readonly Classifier: ServiceClientConstructor } };
    };
    this.#client = new text.v1.Classifier(host, credentials.createInsecure());
    this.#health = new health(host, credentials.createInsecure());
  }

  predict(text: string): Promise<Ended> {
    return unary((done) => (this.#client.predict as Unary).call(this.#client, { text }, done));
  }

  predictAll(texts: readonly string[]): Promise<Ended> {
    return unary((done) => {
      const call = this.#client.predictAll?.(done) as ClientWritableStream<Text>;
      for (const text of texts) call.write({ text });
      call.end();
    });
  }

  predictWords(text: string): Promise<Ended> {
    return stream(this.#client.predictWords?.({ text }) as ClientReadableStream<unknown>);
  }

  predictEach(texts: readonly string[]): Promise<Ended> {
    const call = this.#client.predictEach?.() as ClientDuplexStream<Text, unknown>;
    for (const text of texts) call.write({ text });
    call.end();
    return stream(call);
  }

  /** 1 is SERVING. */
  health(service: string): Promise<Ended> {
    return unary((done) => this.#health.Check?.(service, done));
  }

  watchHealth(service: string): ClientReadableStream<number> {
    return this.#health.Watch?.(service) as ClientReadableStream<number>;
  }

  close(): void {
    this.#client.close();
    this.#health.close();
  }
}

function unary(begin: (done: (error: ServiceError | null, message: unknown) => void) => void): Promise<Ended> {
  return new Promise((resolve) => {
    begin((error, message) => {
      if (error === null) resolve({ code: 0, details: '', messages: [message] });
      else resolve({ code: error.code, details: error.details, messages: [] });
    });
  });
}

function stream(call: ClientReadableStream<unknown>): Promise<Ended> {
  const messages: unknown[] = [];
  return new Promise((resolve) => {
    call.on('data', (message: unknown) => messages.push(message));
    call.on('error', () => {});
    call.on('status', ({ code, details }) => resolve({ code, details: code === 0 ? '' : details, messages }));
  });
}
