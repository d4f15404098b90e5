// From counts to running users, in one load thread.
import { StopTest, toError } from '../errors.ts';
import { log } from '../log.ts';
import type { Environment } from '../user/environment.ts';
import { type IterationLimit, isReached } from '../user/iterations.ts';
import { longestTimer } from '../user/life.ts';
import { LimitedLoop } from '../user/limited-loop.ts';
import { UserLoop } from '../user/loop.ts';
import { OpenLoop } from '../user/open-loop.ts';
import type { TaskSetClass } from '../user/task-set.ts';
import { filterByTags, onlyTasks, type TagFilter, type TaskPlan, withEqualWeights } from '../user/tasks.ts';
import type { User, UserClass } from '../user/user.ts';
import type { UserRun } from '../user/user-run.ts';
import { constant } from '../user/wait-time.ts';
import type { UserFile } from './manifest.ts';
import type { TestSettings } from './port.ts';
import type { Counts } from './split.ts';
import { within } from './within.ts';

/** After an abort a task has this long to unwind, then it is left behind. */
const unwindMilliseconds = 100;
/** `onStop` has this long after an abort; with the above it leaves the main thread's one second some room. */
const onStopMilliseconds = 600;

interface Squad {
  readonly userClass: UserClass;
  /** All tasks of the class, before tags and the class editor. */
  readonly plan: TaskPlan;
  /** The choice of the master's class editor. */
  chosen: readonly string[] | undefined;
  /** The tasks of this test. */
  current: TaskPlan;
  readonly loops: Set<UserRun>;
}

/** What the swarm tells of its users. */
export interface SwarmListener {
  /** A user has ended. */
  onCounts(): void;
  /** The last iteration of the test has begun here. */
  onLimit(): void;
  /** A user could not be made; `isFatal` if none of its class can be. */
  onError(error: Error, isFatal: boolean): void;
}

/** The users of one thread, by class. */
export class Swarm {
  readonly #environment: Environment;
  readonly #squads = new Map<string, Squad>();
  readonly #listener: SwarmListener;
  #limit: IterationLimit | undefined;
  #isWithoutWaits = false;

  constructor(file: UserFile, environment: Environment, listener: SwarmListener) {
    this.#environment = environment;
    this.#listener = listener;
    for (const [name, { userClass, plan }] of file.classes) {
      this.#squads.set(name, { userClass, plan, chosen: undefined, current: plan, loops: new Set() });
    }
  }

  /** Users of each class that have not ended. */
  counts(): Counts {
    return new Map([...this.#squads].map(([name, { loops }]) => [name, loops.size]));
  }

  /** Applies the options of a new test that say which tasks run, and how often. */
  choose(options: TagFilter & { readonly equalWeights?: unknown }): void {
    for (const squad of this.#squads.values()) {
      const plan = squad.chosen === undefined ? squad.plan : onlyTasks(squad.plan, squad.chosen);
      const tagged = filterByTags(plan, options);
      squad.current = options.equalWeights === true ? withEqualWeights(tagged) : tagged;
      if (squad.current.tasks.length === 0) log.warning(`${plan.className} has no tasks left under these tags`);
    }
  }

  /** A new test: how many iterations may begin in it, and whether its users pause. */
  begin({ iterations, withoutWaits }: TestSettings): void {
    this.#limit = iterations;
    this.#isWithoutWaits = withoutWaits === true;
    if (!this.#isWithoutWaits) return;
    for (const { userClass, plan } of this.#squads.values()) {
      for (const each of [userClass, ...taskSetsOf(plan)]) {
        // Defined, not set: a class may have its wait time as a getter.
        Object.defineProperty(each, 'waitTime', { value: constant(0), configurable: true, writable: true });
      }
    }
  }

  /** The last iteration has begun, here or in another thread: users between two of them end now. */
  stopIdle(): void {
    for (const { loops } of this.#squads.values()) {
      for (const loop of loops) if (loop instanceof LimitedLoop || loop instanceof OpenLoop) loop.stopIfIdle();
    }
  }

  /** Locust's class editor: attributes and the choice of tasks, for users made from now on. */
  update(name: string, attributes: ReadonlyMap<string, unknown>, tasks?: readonly string[]): void {
    const squad = this.#squads.get(name);
    if (squad === undefined) return;
    for (const [attribute, value] of attributes) {
      // A host left empty in the editor leaves the class's own; a function (waitTime) cannot come over the wire.
      if ((attribute === 'host' && !value) || typeof Reflect.get(squad.userClass, attribute) === 'function') continue;
      Reflect.set(squad.userClass, attribute, value);
    }
    if (tasks !== undefined) {
      squad.chosen = tasks;
      squad.current = onlyTasks(squad.plan, tasks);
    }
  }

  /** Sets the host of every class, as Locust does for a host that the master gives. */
  setHost(host: string): void {
    for (const { userClass } of this.#squads.values()) userClass.host = host;
  }

  /**
   * Starts the missing users of the named classes, stops the surplus; resolves when the surplus is gone. Classes that are
   * not named stay as they are. `stopTimeout` in seconds.
   */
  async resize(target: Counts, stopTimeout: number): Promise<void> {
    const surplus: UserRun[] = [];
    for (const [name, wanted] of target) {
      const squad = this.#squads.get(name);
      if (squad === undefined) continue;
      const running = [...squad.loops].filter((loop) => !loop.user.life.isStopping);
      for (let has = running.length; has < wanted; has++) {
        if (!this.#start(squad)) break;
      }
      surplus.push(...running.slice(wanted));
    }
    await this.#stop(surplus, stopTimeout);
  }

  /** Stops all users. `stopTimeout` in seconds. */
  async stop(stopTimeout: number): Promise<void> {
    await this.#stop(
      [...this.#squads.values()].flatMap(({ loops }) => [...loops]),
      stopTimeout,
    );
  }

  #loopOf(user: User, plan: TaskPlan, { arrivals }: UserClass): UserRun {
    const onLast = (): void => {
      this.stopIdle();
      this.#listener.onLimit();
    };
    const limit = this.#limit;
    if (arrivals !== undefined && !this.#isWithoutWaits) {
      return new OpenLoop(user, plan, arrivals, limit === undefined ? undefined : { limit, onLast });
    }
    return limit === undefined ? new UserLoop(user, plan) : new LimitedLoop(user, plan, limit, onLast);
  }

  #start(squad: Squad): boolean {
    if (this.#limit !== undefined && (isReached(this.#limit) || !hasTasks(squad.current))) return false;
    try {
      const { needsHost, host } = squad.userClass;
      // Locust's rule: an HttpUser without a host is not made.
      if (needsHost && !host)
        throw new StopTest(
          "it has no host; write static host = 'http://…', give --host, or fill the web UI's Host field",
        );
      // Under a master the host may be mended in the web UI, and requests with absolute URLs need none.
      if (this.#environment.runner.kind === 'local') checkHost(squad.userClass);
      const loop = this.#loopOf(new squad.userClass(this.#environment), squad.current, squad.userClass);
      squad.loops.add(loop);
      void loop.ended.then(() => {
        squad.loops.delete(loop);
        this.#listener.onCounts();
      });
      loop.start();
      return true;
    } catch (thrown) {
      const { name } = squad.userClass;
      const { message } = toError(thrown);
      const error = new Error(`${name} could not be made: ${message}`, { cause: thrown });
      this.#listener.onError(error, thrown instanceof StopTest);
      return false;
    }
  }

  async #stop(loops: readonly UserRun[], stopTimeout: number): Promise<void> {
    if (loops.length === 0) return;
    const left = new Set(loops);
    const allEnded = Promise.all(loops.map((loop) => loop.ended.then(() => left.delete(loop))));
    for (const loop of loops) loop.stop();
    if (stopTimeout > 0) await within(Math.min(stopTimeout * 1000, longestTimer), allEnded);
    for (const loop of left) loop.abort();
    await within(unwindMilliseconds, allEnded);
    for (const loop of left) loop.abandon();
    await within(onStopMilliseconds, allEnded);
    for (const loop of left) loop.giveUp();
    await allEnded;
  }
}

/** Without one, a user would try for ever to begin an iteration. */
const hasTasks = ({ tasks }: TaskPlan): boolean => tasks.some(({ weight }) => weight > 0);

function taskSetsOf(plan: TaskPlan): TaskSetClass[] {
  return plan.tasks.flatMap(({ nested }) => (nested === undefined ? [] : [nested.taskSet, ...taskSetsOf(nested.plan)]));
}

/** A host that its client cannot use is as good as none. */
function checkHost(userClass: UserClass): void {
  try {
    if (userClass.host) userClass.checkHost?.(userClass.host);
  } catch (thrown) {
    throw new StopTest(toError(thrown).message);
  }
}
