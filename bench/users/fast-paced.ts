import { between, FastHttpUser, type Tasks } from 'katydid';

/** One request about every 60 ms from a server that answers after 20 ms. */
export class Visitor extends FastHttpUser {
  static waitTime = between(0.02, 0.06);
  static tasks = { home: 1 } satisfies Tasks<Visitor>;

  async home() {
    await this.client.get('/');
  }
}
