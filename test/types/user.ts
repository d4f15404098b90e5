// What the types say of users, wait times, measuring, options and shapes. Not run: see tasks.ts.
import {
  between,
  burst,
  type CsvRow,
  constant,
  defineOptions,
  type Environment,
  events,
  feeder,
  LoadTestShape,
  type OptionValues,
  ramp,
  type Shape,
  type ShapeTick,
  shard,
  stages,
  steady,
  TaskSet,
  type Tasks,
  User,
  type WaitTime,
} from 'katydid';

/** True if both types are the same one. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <_T extends true>(): void => {};

export class Waits extends User {
  static waitTime = between(1, 5);
}

/** A function of one's own may name its own class as the parameter. */
export class OwnWait extends User {
  static waitTime = (user: OwnWait): number => (user.isImpatient ? 1 : 10);
  isImpatient = true;
}

export class AsyncWait extends User {
  static waitTime = async (): Promise<number> => 1;
}

export class WaitOfSet extends TaskSet<OwnWait> {
  static waitTime = (set: WaitOfSet): number => (set.user.isImpatient ? 1 : 10);
}

/** A base whose wait time a subclass replaces says so by its type. */
export class WaitBase extends User {
  static waitTime: WaitTime = constant(1);
}
export class WaitReplaced extends WaitBase {
  static override waitTime = (user: WaitReplaced): number => user.seconds;
  seconds = 3;
}

// @ts-expect-error a wait time gives a number
export class TextWait extends User {
  static waitTime = (): string => '1';
}

// @ts-expect-error a wait time is a function; constant(3) makes one
export class NumberWait extends User {
  static waitTime = 3;
}

// @ts-expect-error a weight is a number
export class TextWeight extends User {
  static weight = '3';
}

// @ts-expect-error a host is a text
export class NumberHost extends User {
  static host = 8080;
}

// @ts-expect-error seconds are a number
between('1', 5);

export class Measures extends User {
  static tasks = { task: 1 } satisfies Tasks<Measures>;
  async task(): Promise<void> {
    const text = await this.measure('file', 'read', async () => 'text');
    check<Same<typeof text, string>>();
    const count = await this.measure('file', 'count', (measurement) => {
      measurement.responseLength = 3;
      measurement.name = 'count lines';
      measurement.response = { any: 'thing' };
      // @ts-expect-error a length is a number of bytes
      measurement.responseLength = '3';
      // @ts-expect-error there is no such figure
      measurement.responseTime = 3;
      return 7;
    });
    check<Same<typeof count, number>>();
    // @ts-expect-error the type and the name come first
    await this.measure(async () => 1);
    // @ts-expect-error a request without a name is none
    await this.measure('file', async () => 1);
    // @ts-expect-error seconds are a number
    await this.sleep('1');
  }
}

const options = defineOptions({
  tenant: { default: 'acme', choices: ['acme', 'globex'] },
  maxTokens: { default: 100 },
  isSlow: { default: false },
  paths: { default: ['/a', '/b'], multiple: true },
});

export function readOptions(environment: Environment): void {
  const values = options.of(environment);
  check<Same<typeof values.tenant, string>>();
  check<Same<typeof values.maxTokens, number>>();
  check<Same<typeof values.isSlow, boolean>>();
  const paths: readonly string[] = values.paths;
  // @ts-expect-error no such option was declared
  values.tenants;
  // @ts-expect-error options are read, not set
  values.tenant = 'globex';
  const [first] = shard(paths);
  check<Same<typeof first, string | undefined>>();
}

const accounts = feeder([{ name: 'ann' }], { unique: true });
const table = feeder.csv('accounts.csv', { onEnd: 'stop' });

export class Buyer extends User {
  static override tasks = { buy: 1 } satisfies Tasks<Buyer>;
  buy(): void {
    const { name } = accounts.take(this);
    check<Same<typeof name, string>>();
    check<Same<(typeof table)['rows'], readonly CsvRow[]>>();
    // @ts-expect-error a row is somebody's
    accounts.take();
  }
}
// @ts-expect-error cycle, stop or error
feeder([], { onEnd: 'repeat' });
export type Values = OptionValues<typeof options.specs>;

// @ts-expect-error a default is needed
defineOptions({ tenant: { help: 'whose shop' } });
// @ts-expect-error it is called choices
defineOptions({ tenant: { default: 'a', choice: ['a'] } });
// @ts-expect-error choices are a list of texts
defineOptions({ tenant: { default: 'a', choices: 'a' } });
// @ts-expect-error a default is a text, a number, a truth value, a list of texts or null
defineOptions({ tenant: { default: { a: 1 } } });

export const shape: Shape = stages([
  { duration: 60, users: 10, spawnRate: 1 },
  { until: 90, users: 10, spawnRate: 1, userClasses: ['Measures'] },
]);
export const composed: Shape = stages([
  { duration: 60, users: 10, rampTime: 5 },
  steady({ users: 10, duration: 60 }),
  burst({ users: 1, peak: 10, duration: 60, userClasses: ['Measures'] }),
  stages([ramp({ users: 10, duration: 60 })]),
]);
// @ts-expect-error a spawn rate or a ramp time, not both
stages([{ duration: 60, users: 10, spawnRate: 1, rampTime: 5 }]);
// @ts-expect-error a steady shape has a duration
steady({ users: 10 });
// @ts-expect-error it is called peak
burst({ users: 1, peek: 10, duration: 60 });

export class Rising extends LoadTestShape {
  override tick(): ShapeTick | null {
    const { runTime, userCount } = this;
    check<Same<typeof runTime, number>>();
    return userCount > 100 ? null : { users: 10, spawnRate: 1, userClasses: ['Measures'] };
  }
}
/** The return type may be left out, and a tick may wait. */
export class Asking extends LoadTestShape {
  async tick() {
    return this.environment.parsedOptions.runTime === null ? null : { users: 10, spawnRate: 1 };
  }
}
export class Tuple extends LoadTestShape {
  // @ts-expect-error a tick has names
  override tick() {
    return [10, 1];
  }
}
// @ts-expect-error a shape has a tick
export class NoTick extends LoadTestShape {}

// @ts-expect-error a stage has a spawn rate
stages([{ duration: 60, users: 10 }]);
// @ts-expect-error a stage is in camelCase
stages([{ duration: 60, users: 10, spawn_rate: 1 }]);

events.request.fire({ requestType: 'sftp', name: 'put', responseTime: null, responseLength: 0 });
// @ts-expect-error a request has a name
events.request.fire({ requestType: 'sftp', responseTime: 1, responseLength: 0 });
events.request.addListener(({ name, responseTime }) => {
  check<Same<typeof name, string>>();
  check<Same<typeof responseTime, number | null>>();
});
events.spawningComplete.addListener(({ userCount }) => check<Same<typeof userCount, number>>());
// @ts-expect-error there is no such event
events.requests.addListener(() => {});
