// A user with a stand-in for all that a load thread gives it.
import type { TestContext } from 'node:test';
import { GrpcUser } from '../../src/grpc/grpc-user.ts';
import type { GrpcStatics } from '../../src/grpc/settings.ts';
import type { StatsSnapshot } from '../../src/stats/snapshot.ts';
import type { Environment } from '../../src/user/environment.ts';
import { makeEnvironment } from '../http/user-under-test.ts';
import { type Classifier, textProto } from './target.ts';

export { makeEnvironment };

/** What a class of users says of itself. */
export type Statics = Partial<Omit<GrpcStatics, 'name'>> & { readonly host?: string };

/** A class of users of `text.v1.Classifier` with these statics. */
export function makeClass(statics: Statics = {}): typeof GrpcUser<Classifier> {
  class TestedUser extends GrpcUser<Classifier> {}
  Object.assign(TestedUser, { proto: textProto, ...statics });
  return TestedUser;
}

/** One user of such a class, who ends with the test. */
export function makeUser(t: TestContext, statics: Statics = {}, environment?: Environment): GrpcUser<Classifier> {
  return userOf(t, makeClass(statics), environment);
}

/** One user of a class, who ends with the test. */
export function userOf<U extends GrpcUser<never>>(
  t: TestContext,
  userClass: new (environment: Environment) => U,
  environment: Environment = makeEnvironment(),
): U {
  const user = new userClass(environment);
  t.after(() => user.life.end());
  return user;
}

/** What was counted since the last call. */
export function counted(user: GrpcUser<never>): StatsSnapshot {
  return user.environment.stats.drain();
}

/** `grpc /text.v1.Classifier/Predict 3` and so on, with how many requests, in the order of their first one. */
export function rowsOf(user: GrpcUser<never>): string[] {
  return counted(user).entries.map(({ method, name, numRequests }) => `${method} ${name} ${numRequests}`);
}

/** The texts of the Failures tab. */
export function failuresOf(user: GrpcUser<never>): string[] {
  return counted(user).errors.map(({ error }) => error);
}
