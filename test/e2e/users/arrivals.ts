// The same load twice: by a user who waits for each answer, and by one who comes whether or not it is there.
import { constantThroughput, HttpUser, scheduled, type Tasks } from 'katydid';

export class ClosedUser extends HttpUser {
  static override fixedCount = 1;
  static override waitTime = constantThroughput(50);
  static override tasks = { ask: 1 } satisfies Tasks<ClosedUser>;

  async ask(): Promise<void> {
    await this.client.get('/closed');
  }
}

export class OpenUser extends HttpUser {
  static override fixedCount = 1;
  static override arrivals = scheduled(50, { maxConcurrent: 2 });
  static override tasks = { ask: 1 } satisfies Tasks<OpenUser>;

  async ask(): Promise<void> {
    await this.client.get('/open');
  }
}
