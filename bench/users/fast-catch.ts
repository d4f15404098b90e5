import { type CatchResponse, FastHttpUser, type Tasks } from 'katydid';

const payload = {
  text: 'The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features',
  lang: 'en',
  top_k: 3,
  explain: false,
};

const isFine: CatchResponse = ({ response, success, failure }) => {
  if (response.status === 200) success();
  else failure(`status ${response.status}`);
};

/** As `fast.ts`, with a verdict of its own on each answer. */
export class Visitor extends FastHttpUser {
  static tasks = { predict: 3, home: 1 } satisfies Tasks<Visitor>;

  async predict() {
    await this.client.post('/predict', { json: payload, catchResponse: isFine });
  }

  async home() {
    await this.client.get('/', { catchResponse: isFine });
  }
}
