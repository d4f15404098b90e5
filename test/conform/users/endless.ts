// Users that live until they are stopped.
import { constant, type Tasks, User } from 'katydid';
import { fire, forever, say } from './say.ts';

export class AlphaUser extends User {
  static override weight = 3;
  static override tasks = { t: 1 } satisfies Tasks<AlphaUser>;

  async t(): Promise<void> {
    await this.sleep(0.2);
  }
}

export class BetaUser extends User {
  static override tasks = { t: 1 } satisfies Tasks<BetaUser>;

  async t(): Promise<void> {
    await this.sleep(0.2);
  }
}

export class WaitingUser extends User {
  static override waitTime = constant(0.1);
  static override tasks = { t: 1 } satisfies Tasks<WaitingUser>;

  t(): void {
    fire('TICK', 'tick', 1, 1);
  }
}

export class SlowTaskUser extends User {
  static override tasks = { t: 1 } satisfies Tasks<SlowTaskUser>;

  override onStop(): void {
    fire('SLOW', 'on_stop', 1, 1);
  }
  async t(): Promise<void> {
    say('conform_begun', { cls: 'SlowTaskUser' });
    for (let i = 0; i < 15; i++) await this.sleep(0.1);
    fire('SLOW', 'finished', 1, 1);
  }
}

export class StuckTaskUser extends User {
  static override tasks = { t: 1 } satisfies Tasks<StuckTaskUser>;

  override onStop(): void {
    fire('STUCK', 'on_stop', 1, 1);
  }
  async t(): Promise<void> {
    say('conform_begun', { cls: 'StuckTaskUser' });
    await this.sleep(forever);
  }
}
