import { between, HttpUser, type Tasks } from 'katydid';

const texts = ['a letter from the bank', 'the match went into extra time', 'how to bake bread', 'rain until Thursday'];

/** Three predictions for each look at the index. For `katydid target model`, whose knee a stress study finds. */
export class StressUser extends HttpUser {
  static host = 'http://127.0.0.1:8000';
  static waitTime = between(0.4, 0.9);
  static tasks = { predict: 3, index: 1 } satisfies Tasks<StressUser>;

  async predict() {
    const text = texts[Math.floor(Math.random() * texts.length)] ?? '';
    await this.client.post('/predict', { json: { text } });
  }

  async index() {
    await this.client.get('/');
  }
}
