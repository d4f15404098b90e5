import { HttpUser, type Tasks } from 'katydid';

/** As many requests as there is CPU for. */
export class BusyUser extends HttpUser {
  static tasks = { home: 1 } satisfies Tasks<BusyUser>;

  async home(): Promise<void> {
    await this.client.get('/');
  }
}
