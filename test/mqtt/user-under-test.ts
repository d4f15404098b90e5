// A user with a stand-in for all that a load thread gives it.
import type { TestContext } from 'node:test';
import { MqttUser } from '../../src/mqtt/mqtt-user.ts';
import type { MqttStatics } from '../../src/mqtt/settings.ts';
import type { StatsSnapshot } from '../../src/stats/snapshot.ts';
import type { Environment } from '../../src/user/environment.ts';
import { makeEnvironment } from '../http/user-under-test.ts';

export { makeEnvironment };

/** What a class of users says of itself. */
export type Statics = Partial<Omit<MqttStatics, 'name'>>;

/** A class of users with these statics. */
export function makeClass(statics: Statics = {}): typeof MqttUser {
  class TestedUser extends MqttUser {}
  Object.assign(TestedUser, statics);
  return TestedUser;
}

/** One user of such a class, who ends with the test. */
export function makeUser(t: TestContext, statics: Statics = {}, environment?: Environment): MqttUser {
  return userOf(t, makeClass(statics), environment);
}

/** One user of a class, who ends with the test. */
export function userOf<U extends MqttUser>(
  t: TestContext,
  userClass: new (environment: Environment) => U,
  environment: Environment = makeEnvironment(),
): U {
  const user = new userClass(environment);
  t.after(() => user.life.end());
  return user;
}

/** What was counted since the last call. */
export function counted(user: MqttUser): StatsSnapshot {
  return user.environment.stats.drain();
}

/** `MQTT connect 1` and so on, with how many there were and how many failed, in the order of their first one. */
export function rowsOf(user: MqttUser): string[] {
  return counted(user).entries.map(
    ({ method, name, numRequests, numFailures }) =>
      `${method} ${name} ${numRequests}${numFailures === 0 ? '' : ` (${numFailures} failed)`}`,
  );
}

/** `connect: Connection refused` and so on: the Failures tab, with how often. */
export function failuresOf(user: MqttUser): string[] {
  return counted(user).errors.map(
    ({ name, error, occurrences }) => `${name}: ${error}${occurrences === 1 ? '' : ` (${occurrences})`}`,
  );
}
