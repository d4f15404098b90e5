import { HttpUser, type Tasks } from 'katydid';

const payload = {
  text: 'The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features',
  lang: 'en',
  top_k: 3,
  explain: false,
};

/** Three predictions to one look at the home page, without a pause. */
export class Visitor extends HttpUser {
  static tasks = { predict: 3, home: 1 } satisfies Tasks<Visitor>;

  async predict() {
    await this.client.post('/predict', { json: payload });
  }

  async home() {
    await this.client.get('/');
  }
}
