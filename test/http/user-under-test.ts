// A user with a stand-in for all that a load thread gives it.
import { FastHttpUser } from '../../src/http/fast-http-user.ts';
import { HttpUser } from '../../src/http/http-user.ts';
import type { StatsSnapshot } from '../../src/stats/snapshot.ts';
import { Stats } from '../../src/stats/stats.ts';
import { Environment, type Runner } from '../../src/user/environment.ts';
import type { ParsedOptions } from '../../src/user/options.ts';

const options: ParsedOptions = {
  worker: true,
  tags: null,
  excludeTags: null,
  expectWorkers: 1,
  numUsers: null,
  spawnRate: null,
  runTime: null,
};

/** An environment of one thread whose statistics can be read. */
export function makeEnvironment(): Environment {
  const runner = { kind: 'local', clientId: 'test', workerIndex: 0 } as Runner;
  const thread = { index: 0, count: 1 };
  return new Environment({ stats: new Stats(), runner, thread, shard: thread, parsedOptions: options });
}

/** What a class of users says of itself. */
export type Statics = Partial<
  Pick<typeof HttpUser, 'host' | 'headers' | 'auth' | 'timeout' | 'redirect' | 'tls' | 'proxy' | 'http2'>
>;

let base: typeof HttpUser = HttpUser;

/** All tests that are imported after this are about `FastHttpUser`. */
export function testFast(): void {
  base = FastHttpUser;
}

/** Whether the tests are about `FastHttpUser`. */
export function isFast(): boolean {
  return base === FastHttpUser;
}

/** One user of a class with these statics. */
export function makeUser(statics: Statics = {}, environment: Environment = makeEnvironment()): HttpUser {
  class TestedUser extends base {}
  Object.assign(TestedUser, statics);
  return new TestedUser(environment);
}

/** What was counted since the last call: `GET /path 1 request(s), 13 bytes`, and the failures' texts. */
export function counted(user: HttpUser): StatsSnapshot {
  return user.environment.stats.drain();
}

/** `GET /ok` and so on, in the order of their first request. */
export function namesOf(user: HttpUser): string[] {
  return counted(user).entries.map(({ method, name }) => `${method} ${name}`);
}

/** The texts of the Failures tab. */
export function failuresOf(user: HttpUser): string[] {
  return counted(user).errors.map(({ error }) => error);
}
