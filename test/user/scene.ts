// A user with all that it needs to live, but no thread and no master.
import type { TestContext } from 'node:test';
import { setLogSink } from '../../src/log.ts';
import { emptySnapshot } from '../../src/stats/snapshot.ts';
import { Stats } from '../../src/stats/stats.ts';
import { Environment, type Runner, type Share } from '../../src/user/environment.ts';
import { events } from '../../src/user/events.ts';
import { UserLoop } from '../../src/user/loop.ts';
import type { ParsedOptions } from '../../src/user/options.ts';
import { planOf } from '../../src/user/tasks.ts';
import type { UserClass } from '../../src/user/user.ts';

const runner: Runner = {
  kind: 'local',
  clientId: 'test_0',
  workerIndex: 0,
  stats: emptySnapshot(0),
  registerMessage: () => {},
  sendMessage: () => {},
  quit: () => {},
};

const parsedOptions: ParsedOptions = {
  worker: true,
  tags: null,
  excludeTags: null,
  expectWorkers: 1,
  numUsers: null,
  spawnRate: null,
  runTime: null,
};

export function environmentOf(shard: Share = { index: 0, count: 1 }): Environment {
  return new Environment({ stats: new Stats(), runner, thread: shard, shard, parsedOptions });
}

/** A user of `userClass` that has been started. */
export function start(userClass: UserClass, environment: Environment = environmentOf()): UserLoop {
  const plan = planOf(userClass, () => new userClass(environment));
  const loop = new UserLoop(new userClass(environment), plan);
  loop.start();
  return loop;
}

/** The messages of all errors that users report while the test runs. */
export function userErrors(t: TestContext): string[] {
  const messages: string[] = [];
  const listener = events.userError.addListener(({ exception }) => messages.push(exception.message));
  t.after(() => events.userError.removeListener(listener));
  return messages;
}

/** The first lines of what is logged from now on. */
export function logged(): string[] {
  const lines: string[] = [];
  setLogSink(({ text }) => lines.push(text.split('\n')[0] ?? ''));
  return lines;
}

/** `method name` of each request that `environment` has counted since the last look, as often as it was. */
export function counted(environment: Environment): string[] {
  return environment.stats
    .drain()
    .entries.flatMap(({ method, name, numRequests }) => new Array<string>(numRequests).fill(`${method} ${name}`));
}

/** A promise and the way to settle it. */
export interface Gate<T = void> {
  readonly passed: Promise<T>;
  readonly open: (value: T) => void;
  readonly fail: (reason: unknown) => void;
}

export function gate<T = void>(): Gate<T> {
  let open: (value: T) => void = () => {};
  let fail: (reason: unknown) => void = () => {};
  const passed = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { passed, open, fail };
}
