// One user that keeps its thread busy, beside others that want to go on.
import { constant, HttpUser, type Tasks } from 'katydid';

export class BlockingUser extends HttpUser {
  static override fixedCount = 1;
  static override tasks = { block: 1 } satisfies Tasks<BlockingUser>;

  async block(): Promise<void> {
    await this.client.get('/block');
    const end = Date.now() + 30_000;
    while (Date.now() < end);
  }
}

export class TickingUser extends HttpUser {
  static override waitTime = constant(0.2);
  static override tasks = { tick: 1 } satisfies Tasks<TickingUser>;

  async tick(): Promise<void> {
    await this.client.get('/tick');
  }
}
