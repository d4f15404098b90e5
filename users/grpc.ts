import {
  type BidiStreaming,
  between,
  type ClientStreaming,
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

/** `text.v1.Classifier` of protos/text.proto. */
interface Classifier {
  predict: Unary<Text, Category>;
  predictAll: ClientStreaming<Text, { readonly texts: number; readonly counts: Readonly<Record<string, number>> }>;
  predictWords: ServerStreaming<Text, Category & { readonly word: string }>;
  predictEach: BidiStreaming<Text, Category>;
}

const texts = ['a letter from the bank', 'the match went into extra time', 'how to bake bread', 'rain until Thursday'];

/** Asks for the categories of texts, mostly one by one; what is tagged `stream` uses the other kinds of calls. */
export class GrpcTextUser extends GrpcUser<Classifier> {
  static host = '127.0.0.1:50051';
  static proto = '../protos/text.proto';
  static service = 'text.v1.Classifier';
  static deadline = 10;
  static waitTime = between(1, 2);
  static tasks = {
    predict: 7,
    all: { tags: ['stream'] },
    words: { tags: ['stream'] },
    each: { tags: ['stream'] },
  } satisfies Tasks<GrpcTextUser>;

  async predict() {
    await this.client.predict({ text: pick() });
  }

  async all() {
    await this.client.predictAll(
      texts.map((text) => ({ text })),
      {
        catchResponse: ({ response, failure }) =>
          !response.ok || response.response?.texts === texts.length || failure('texts are missing'),
      },
    );
  }

  async words() {
    let last = '';
    const text = pick();
    const words = this.client.predictWords({ text });
    for await (const { word } of words) last = word;
    if ((await words).ok && !text.endsWith(last)) throw new Error(`'${last}' is not the last word of '${text}'`);
  }

  async each() {
    const talk = this.client.predictEach();
    await talk.write({ text: pick() });
    let answers = 0;
    for await (const { category } of talk) {
      if (++answers < 3) await talk.write({ text: `${pick()}, after ${category}` });
      else talk.end();
    }
  }
}

function pick(): string {
  return texts[Math.floor(Math.random() * texts.length)] ?? '';
}
