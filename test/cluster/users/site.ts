import { constant, HttpUser, type Tasks } from 'katydid';

/** Five requests a second, under one name. */
export class SiteUser extends HttpUser {
  static waitTime = constant(0.2);
  static tasks = { home: 1 } satisfies Tasks<SiteUser>;

  async home(): Promise<void> {
    await this.client.get('/', { name: 'first' });
  }
}
