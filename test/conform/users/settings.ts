// Users that report what they were told: host, options, tags.
import { constant, HttpUser, type Tasks, User } from 'katydid';
import { fire, forever, say } from './say.ts';

export class HostUser extends User {
  static override tasks = { t: 1 } satisfies Tasks<HostUser>;

  async t(): Promise<void> {
    fire('HOST', `host=${this.host ?? 'None'}`, 1, 1);
    say('conform_done', { cls: 'HostUser' });
    await this.sleep(forever);
  }
}

export class NeedsHostUser extends HttpUser {
  static override tasks = { t: 1 } satisfies Tasks<NeedsHostUser>;

  async t(): Promise<void> {
    await this.client.get('/ok');
    say('conform_done', { cls: 'NeedsHostUser' });
    await this.sleep(forever);
  }
}

export class OptsUser extends User {
  static override tasks = { t: 1 } satisfies Tasks<OptsUser>;

  async t(): Promise<void> {
    const { parsedOptions } = this.environment;
    say('conform_opts', {
      text: parsedOptions.conformText,
      num: parsedOptions.conformNum,
      flag: parsedOptions.conformFlag,
      list: parsedOptions.conformList,
      tags: parsedOptions.tags ?? null,
      exclude_tags: parsedOptions.excludeTags ?? null,
      expect_workers: parsedOptions.expectWorkers,
      is_worker: Boolean(parsedOptions.worker),
      num_users: parsedOptions.numUsers ?? null,
      run_time: parsedOptions.runTime ?? null,
    });
    await this.sleep(forever);
  }
}

export class TagUser extends User {
  static override waitTime = constant(0.02);
  static override tasks = {
    red: { tags: ['red'] },
    blue: { tags: ['blue', 'cold'] },
    plain: 1,
  } satisfies Tasks<TagUser>;

  red(): void {
    fire('TAG', 'red', 1, 1);
  }
  blue(): void {
    fire('TAG', 'blue', 1, 1);
  }
  plain(): void {
    fire('TAG', 'plain', 1, 1);
  }
}
