import { constant, FastHttpUser, type Tasks } from 'katydid';

/** One request, then a long wait. */
export class Visitor extends FastHttpUser {
  static waitTime = constant(1000);
  static tasks = { home: 1 } satisfies Tasks<Visitor>;

  async home() {
    await this.client.get('/');
  }
}
