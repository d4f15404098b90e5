import { FastHttpUser, GrpcUser, type Tasks, type Unary } from 'katydid';

/** The same as in rest.ts and grpc.ts. */
const texts = ['a letter from the bank', 'the match went into extra time', 'how to bake bread', 'rain until Thursday'];

/**
 * Asks for the category of one text after the other, without a wait: how much a server can do, not how it is used. For
 * studies such as `docker/classifier-study.yaml`; `users/rest.ts` and `users/grpc.ts` play people.
 */
export class RestClassifierUser extends FastHttpUser {
  static host = 'http://127.0.0.1:8000';
  static tasks = { predict: 1 } satisfies Tasks<RestClassifierUser>;

  async predict() {
    await this.client.post('/predict', { json: { text: pick() }, timeout: 10 });
  }
}

interface Classifier {
  predict: Unary<{ readonly text: string }, { readonly category: number }>;
}

/** The same over gRPC. */
export class GrpcClassifierUser extends GrpcUser<Classifier> {
  static host = '127.0.0.1:50051';
  static proto = '../protos/text.proto';
  static service = 'text.v1.Classifier';
  static deadline = 10;
  static tasks = { predict: 1 } satisfies Tasks<GrpcClassifierUser>;

  async predict() {
    await this.client.predict({ text: pick() });
  }
}

function pick(): string {
  return texts[Math.floor(Math.random() * texts.length)] ?? '';
}
