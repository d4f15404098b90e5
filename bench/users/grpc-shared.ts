import { GrpcUser, type Tasks, type Unary } from 'katydid';

interface Classifier {
  predict: Unary<{ readonly text: string }, { readonly category: number }>;
}

const text =
  'The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features';

/** Unary calls without a pause, all users on one connection. */
export class Visitor extends GrpcUser<Classifier> {
  static proto = '../../protos/text.proto';
  static service = 'text.v1.Classifier';
  static channel = 'shared' as const;
  static tasks = { predict: 1 } satisfies Tasks<Visitor>;

  async predict() {
    await this.client.predict({ text });
  }
}
