// Many users that do little.
import { between, HttpUser, type Tasks } from 'katydid';

export class CrowdUser extends HttpUser {
  static override waitTime = between(2, 4);
  static override tasks = { hit: 1 } satisfies Tasks<CrowdUser>;

  async hit(): Promise<void> {
    await this.client.get('/hit');
  }
}
