import { between, HttpUser, type Tasks } from 'katydid';

/** The same as in grpc.ts: what differs between two runs is the protocol alone. */
const texts = ['a letter from the bank', 'the match went into extra time', 'how to bake bread', 'rain until Thursday'];

/**
 * Asks for the categories of texts, mostly one by one, for `katydid target classifier`: the twin of `users/grpc.ts`. What
 * is one call with a stream there, tagged `stream` in both, is a request for each text here.
 */
export class RestTextUser extends HttpUser {
  static host = 'http://127.0.0.1:8000';
  static waitTime = between(1, 2);
  static tasks = {
    predict: 7,
    all: { tags: ['stream'] },
    words: { tags: ['stream'] },
    each: { tags: ['stream'] },
  } satisfies Tasks<RestTextUser>;

  async predict() {
    await this.#ask(pick());
  }

  async all() {
    for (const text of texts) await this.#ask(text);
  }

  async words() {
    for (const word of pick().split(' ')) await this.#ask(word);
  }

  async each() {
    let text = pick();
    for (let answers = 0; answers < 3; answers++) {
      const response = await this.#ask(text);
      if (!response.ok) return;
      text = `${pick()}, after ${response.json<{ category: number }>().category}`;
    }
  }

  #ask(text: string) {
    return this.client.post('/predict', { json: { text }, timeout: 10 });
  }
}

function pick(): string {
  return texts[Math.floor(Math.random() * texts.length)] ?? '';
}
