// What the types say of gRPC clients. Not run: `tsc` fails where an expected error is missing, or an unexpected one is not.
import {
  type BidiStreaming,
  type ClientStreaming,
  type GrpcResponse,
  GrpcUser,
  type ServerStreaming,
  type Tasks,
  type Unary,
} from 'katydid';

interface Text {
  readonly text: string;
}
interface Category {
  readonly category: number;
}
interface Classifier {
  predict: Unary<Text, Category>;
  predictAll: ClientStreaming<Text, Category>;
  predictWords: ServerStreaming<Text, Category>;
  predictEach: BidiStreaming<Text, Category>;
}

export class Typed extends GrpcUser<Classifier> {
  static override tasks = { all: 1, wrong: 1 } satisfies Tasks<Typed>;

  async all(): Promise<number> {
    const one: GrpcResponse<Category> = await this.client.predict({ text: 'a' }, { deadline: 1, name: 'x' });
    const all = await this.client.predictAll([{ text: 'a' }]);
    for await (const { category } of this.client.predictWords({ text: 'a' })) category.toFixed();
    const each = this.client.predictEach();
    await each.write({ text: 'a' });
    const { messages } = await each;
    return (one.response?.category ?? 0) + (all.response?.category ?? 0) + messages.length;
  }

  async wrong(): Promise<void> {
    // @ts-expect-error text is a string
    await this.client.predict({ text: 5 });
    // @ts-expect-error there is no such method
    await this.client.predct({ text: 'a' });
    // @ts-expect-error it is called deadline
    await this.client.predict({ text: 'a' }, { timeout: 5 });
    // @ts-expect-error a list of requests is expected
    await this.client.predictAll({ text: 'a' });
    const { response } = await this.client.predict({ text: 'a' });
    // @ts-expect-error there may be none
    response.category.toFixed();
  }
}

/** The names alone: of whatever kind they are. */
export class Named extends GrpcUser<'predict' | 'predictWords'> {
  async go(): Promise<unknown> {
    for await (const message of this.client.predictWords({ text: 'a' })) return message.category;
    // @ts-expect-error there is no such method
    await this.client.predictAll([]);
    return (await this.client.predict({ text: 'a' })).response?.category;
  }
}

/** Nothing said: each name may be a method. */
export class Untyped extends GrpcUser {
  async go(): Promise<unknown> {
    return (await this.client.predict?.({ text: 'a' }))?.response?.category;
  }
}
