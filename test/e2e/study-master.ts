import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { katydidCli } from '../tools/katydid.ts';
import type { Locust } from '../tools/locust.ts';
import { Child } from './child.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

/** One user of it asks some nine times a second. */
const pythonUsers = `
from locust import HttpUser, constant, task

class Visitor(HttpUser):
    wait_time = constant(0.1)

    @task
    def look(self):
        self.client.get("/")
`;
const katydidUsers = `
import { constant, HttpUser } from 'katydid';

export class Visitor extends HttpUser {
  static override waitTime = constant(0.1);
  static override tasks = { look: 1 };

  async look() {
    await this.client.get('/');
  }
}
`;

export interface StudyMasterOptions {
  readonly args?: readonly string[];
  /** Python that it loads besides its users: a login. */
  readonly more?: string;
  /** What its address begins with, and what comes after the port. */
  readonly scheme?: 'http' | 'https';
  readonly basePath?: string;
}

/** An unmodified master with users of its own, which may be run by workers in Python or by katydid's. */
export class StudyMaster {
  readonly url: string;
  readonly workers: Child[] = [];
  readonly #locust: Locust;
  readonly #folder: string;
  readonly #flags: readonly string[];
  readonly #webPort: number;
  readonly #port: number;
  #child: Child;

  private constructor(locust: Locust, folder: string, ports: readonly [number, number], options: StudyMasterOptions) {
    const { args = [], more, scheme = 'http', basePath = '' } = options;
    this.#locust = locust;
    this.#folder = folder;
    [this.#port, this.#webPort] = ports;
    this.url = `${scheme}://127.0.0.1:${this.#webPort}${basePath}`;
    const files = ['users.py', ...(more === undefined ? [] : ['more.py'])].map((name) => join(folder, name));
    this.#flags = [
      ...['-f', files.join(','), '--master', '--web-host', '127.0.0.1', '--web-port', String(this.#webPort)],
      ...['--master-bind-host', '127.0.0.1', '--master-bind-port', String(this.#port), ...args],
    ];
    this.#child = this.#start();
  }

  /** Starts one with so many workers in Python; the test's end takes all down. */
  static async open(
    t: TestContext,
    locust: Locust,
    { workers = 0, ...options }: StudyMasterOptions & { readonly workers?: number } = {},
  ): Promise<StudyMaster> {
    const folder = await mkdtemp(join(tmpdir(), 'katydid-study-master-'));
    await writeFile(join(folder, 'users.py'), pythonUsers);
    await writeFile(join(folder, 'users.ts'), katydidUsers);
    if (options.more !== undefined) await writeFile(join(folder, 'more.py'), options.more);
    const master = new StudyMaster(locust, folder, [await freePort(), await freePort()], options);
    t.after(() => master.#close());
    await master.#isUp();
    for (let count = 0; count < workers; count++) master.addPythonWorker();
    await master.hasReady(workers);
    return master;
  }

  /** What it printed since it was started last. */
  get output(): string {
    return this.#child.output;
  }

  /** Ends it at once, and starts it again where it was. */
  async restart(): Promise<void> {
    await this.#child.end('SIGKILL');
    this.#child = this.#start();
    await this.#isUp();
  }

  addPythonWorker(): Child {
    return this.#add(this.#locust.command, ['-f', join(this.#folder, 'users.py')]);
  }

  addKatydidWorker(): Child {
    return this.#add(process.execPath, [katydidCli, '-f', join(this.#folder, 'users.ts'), '--processes', '1']);
  }

  /** Waits until so many workers have been ready since it was started. */
  async hasReady(count: number): Promise<void> {
    const said = (): number => this.output.match(/reported as ready/g)?.length ?? 0;
    await until(`${count} workers are ready`, () => said() >= count, { limit: 30, show: () => this.output });
  }

  #add(program: string, args: readonly string[]): Child {
    const where = ['--master-host', '127.0.0.1', '--master-port', String(this.#port)];
    const worker = new Child('worker', program, [...args, '--worker', ...where]);
    this.workers.push(worker);
    return worker;
  }

  #start(): Child {
    return new Child(`master ${this.#locust.version}`, this.#locust.command, this.#flags);
  }

  /** Looks for the port only, for what is behind it is the study's matter. */
  async #isUp(): Promise<void> {
    const isOpen = (): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect(this.#webPort, '127.0.0.1', () => resolve(true));
        socket.on('error', () => resolve(false)).on('close', () => socket.destroy());
        socket.once('connect', () => socket.end());
      });
    await until('the web UI listens', isOpen, { limit: 40, show: () => this.output });
  }

  async #close(): Promise<void> {
    await Promise.all([this.#child, ...this.workers].map((child) => child.end('SIGKILL')));
    await rm(this.#folder, { recursive: true, force: true });
  }
}
