import { FastHttpUser, type Tasks } from 'katydid';

const words = 'the quick brown fox jumps over the lazy dog while researchers publish papers about linear models'.split(
  ' ',
);
let made = 0;

/** As `fast.ts`, but each body is another one, made for its request. */
export class Visitor extends FastHttpUser {
  static tasks = { predict: 3, home: 1 } satisfies Tasks<Visitor>;

  async predict() {
    const first = made++ % words.length;
    const text = `${words[first]} ${made} of the quick brown foxes jumps over the lazy dog while the researchers publish`;
    await this.client.post('/predict', {
      json: {
        text,
        lang: 'en',
        top_k: 1 + (made % 5),
        explain: made % 2 === 0,
        tags: ['bench', words[first]],
        seed: made,
      },
    });
  }

  async home() {
    await this.client.get('/');
  }
}
