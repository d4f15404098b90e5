import type { TestContext } from 'node:test';
import type { Locust } from '../tools/locust.ts';
import type { Child } from './child.ts';
import { Master } from './master.ts';
import { Target } from './target.ts';
import { type Form, readyOf, type Statistics } from './web-api.ts';
import { startWorker, type WorkerOptions } from './worker.ts';

export interface SceneOptions {
  readonly users: string;
  readonly workers?: number;
  /** Seconds that the master gives running tasks at a stop. */
  readonly stopTimeout?: number;
  readonly masterArgs?: readonly string[];
  readonly worker?: Omit<WorkerOptions, 'users'>;
}

/** A target, a master whose host field names it, and workers, all ready; the test's end takes them down. */
export class Scene {
  readonly target: Target;
  readonly workers: Child[] = [];
  master: Master;
  readonly #locust: Locust;
  readonly #options: SceneOptions;

  private constructor(target: Target, master: Master, locust: Locust, options: SceneOptions) {
    this.target = target;
    this.master = master;
    this.#locust = locust;
    this.#options = options;
  }

  static async open(t: TestContext, locust: Locust, options: SceneOptions): Promise<Scene> {
    const target = await Target.start();
    t.after(() => target.close());
    const args = ['-H', target.url, '--stop-timeout', String(options.stopTimeout ?? 2), ...(options.masterArgs ?? [])];
    const master = await Master.start(locust, { users: options.users, args });
    const scene = new Scene(target, master, locust, { ...options, masterArgs: args });
    t.after(() => scene.#close());
    for (let i = 0; i < (options.workers ?? 2); i++) scene.addWorker();
    await scene.ready();
    return scene;
  }

  addWorker(): Child {
    const worker = startWorker(this.master, { users: this.#options.users, ...this.#options.worker });
    this.workers.push(worker);
    return worker;
  }

  /** Waits until so many workers, else all that were started, are ready for a test. */
  async ready(workers: number = this.workers.length): Promise<void> {
    try {
      await this.master.web.until(`${workers} workers are ready`, (now) => readyOf(now) === workers);
    } catch (error) {
      const logs = this.workers.map(({ output }) => output.slice(-1500));
      throw new Error(logs.join('\n--- worker\n'), { cause: error });
    }
  }

  /** Starts a test, or changes it, and waits until the master has all its users running. */
  async run(users: number, form: Form = {}, spawnRate = 20): Promise<void> {
    await this.master.web.swarm(users, spawnRate, form);
    const isRunning = (now: Statistics): boolean => now.state === 'running' && now.user_count === users;
    await this.master.web.until(`${users} users run`, isRunning);
  }

  /** Ends the master at once and starts another on the same port, which knows nobody. */
  async replaceMaster(): Promise<void> {
    const { port } = this.master;
    await this.master.end('SIGKILL');
    const { users, masterArgs = [] } = this.#options;
    this.master = await Master.start(this.#locust, { users, args: masterArgs, port });
  }

  async #close(): Promise<void> {
    this.target.release();
    await Promise.all(this.workers.map((worker) => worker.end('SIGKILL')));
    await this.master.end('SIGKILL');
  }
}
