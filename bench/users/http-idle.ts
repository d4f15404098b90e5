import { constant, HttpUser, type Tasks } from 'katydid';

/** One request, then a long wait. */
export class Visitor extends HttpUser {
  static waitTime = constant(1000);
  static tasks = { home: 1 } satisfies Tasks<Visitor>;

  async home() {
    await this.client.get('/');
  }
}
