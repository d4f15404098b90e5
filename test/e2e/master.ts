import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { katydidCli } from '../tools/katydid.ts';
import type { Locust } from '../tools/locust.ts';
import { run } from '../tools/run.ts';
import { Child } from './child.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';
import { WebApi } from './web-api.ts';

export interface MasterOptions {
  /** The user file whose stub it loads. */
  readonly users: string;
  readonly args?: readonly string[];
  /** The port for workers; a free one if not given. */
  readonly port?: number;
}

/** An unmodified Locust master on ports of its own, with what `katydid locustfile` printed for a user file. */
export class Master {
  readonly web: WebApi;
  readonly port: number;
  readonly child: Child;
  readonly #folder: string;

  private constructor(web: WebApi, port: number, child: Child, folder: string) {
    this.web = web;
    this.port = port;
    this.child = child;
    this.#folder = folder;
  }

  /** Starts one and waits until its web UI answers; another try if somebody took its port meanwhile. */
  static async start(locust: Locust, { users, args = [], port }: MasterOptions): Promise<Master> {
    const folder = await mkdtemp(join(tmpdir(), 'katydid-master-'));
    const stub = join(folder, 'locustfile.py');
    await writeFile(stub, await run(process.execPath, [katydidCli, 'locustfile', '-f', users]));
    let output = '';
    for (let tries = 0; tries < 3; tries++) {
      const bound = port ?? (await freePort());
      const webPort = await freePort();
      const fixed = ['--master-bind-host', '127.0.0.1', '--master-bind-port', String(bound)];
      const web = ['--web-host', '127.0.0.1', '--web-port', String(webPort)];
      const flags = ['-f', stub, '--master', '--class-picker', '-L', 'DEBUG', ...fixed, ...web, ...args];
      const child = new Child(`master ${locust.version}`, locust.command, flags);
      const api = new WebApi(`http://127.0.0.1:${webPort}`, locust.version);
      const isUp = await until('the web UI answers', () => !child.isAlive || api.statistics().then(() => true), {
        limit: 40,
      }).then(() => child.isAlive);
      if (isUp) return new Master(api, bound, child, folder);
      output = child.output;
    }
    throw new Error(`the master did not start:\n${output.slice(-3000)}`);
  }

  /** Ends it and forgets its files; its log is for the caller to look at. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<string> {
    await this.child.end(signal);
    await rm(this.#folder, { recursive: true, force: true });
    return this.child.output;
  }
}

/** Lines of a master's log that tell of a message it could not take. */
export const troubleIn = (log: string): string[] =>
  log.split('\n').filter((line) => /Traceback|CRITICAL|Unhandled|Uncaught|RPCError|interrupted/.test(line));
