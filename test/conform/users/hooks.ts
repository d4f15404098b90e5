// Users whose hooks or tasks report, throw or end the user.
import { constant, StopUser, type Tasks, User } from 'katydid';
import { fire, forever, say } from './say.ts';

export class HookUser extends User {
  static override waitTime = constant(forever);
  static override tasks = { t: 1 } satisfies Tasks<HookUser>;

  override onStart(): void {
    fire('HOOK', 'on_start', 1, 1);
  }
  override onStop(): void {
    fire('HOOK', 'on_stop', 1, 1);
  }
  t(): void {
    fire('HOOK', 'task', 1, 1);
  }
}

export class StartFailUser extends User {
  static override tasks = { t: 1 } satisfies Tasks<StartFailUser>;

  override onStart(): void {
    throw new Error('conform on_start boom');
  }
  override onStop(): void {
    fire('STARTFAIL', 'on_stop', 1, 1);
  }
  t(): void {
    fire('STARTFAIL', 'task', 1, 1);
  }
}

export class TaskErrorUser extends User {
  static override waitTime = constant(0.05);
  static override tasks = { t: 1 } satisfies Tasks<TaskErrorUser>;
  #runs = 0;

  async t(): Promise<void> {
    this.#runs++;
    fire('TASKERR', 'before', 1, 1);
    if (this.#runs <= 3) throw new Error('conform task boom');
    say('conform_done', { cls: 'TaskErrorUser' });
    await this.sleep(forever);
  }
}

export class StopFailUser extends User {
  static override waitTime = constant(forever);
  static override tasks = { t: 1 } satisfies Tasks<StopFailUser>;

  override onStop(): void {
    fire('STOPFAIL', 'on_stop', 1, 1);
    throw new Error('conform on_stop boom');
  }
  t(): void {
    fire('STOPFAIL', 'task', 1, 1);
  }
}

export class SelfStopUser extends User {
  static override tasks = { t: 1 } satisfies Tasks<SelfStopUser>;

  override onStop(): void {
    fire('SELF', 'on_stop', 1, 1);
  }
  async t(): Promise<void> {
    fire('SELF', 'task', 1, 1);
    await this.sleep(0.3);
    throw new StopUser();
  }
}
