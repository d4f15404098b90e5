// The MQTT broker Mosquitto of this machine: one for a test, with a configuration and ports of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from '../e2e/free-port.ts';
import { until } from '../e2e/until.ts';
import { need } from './need.ts';
import { tryRun } from './run.ts';

const name = 'mosquitto';

/** The program, as Debian's package of that name has it: where only root's PATH leads. */
export async function findMosquitto(): Promise<string> {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']) {
    const command = join(folder, name);
    // It has no --version.
    if ((await tryRun(command, ['-h'])).output.includes(`${name} version`)) return command;
  }
  throw new Error(`${name} is not on the PATH (Debian: apt-get install ${name})`);
}

/** What a test wants of its broker. */
export interface MosquittoOptions {
  /** Lines of its configuration; `allow_anonymous true` if there are none about who may come in. */
  readonly config?: string;
  /** Files that the configuration names: `cafile FOLDER/ca.pem`, where `FOLDER` is filled in. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
}

/** A running broker. */
export class Mosquitto {
  readonly port: number;
  readonly #command: string;
  readonly #folder: string;
  #child: ChildProcess | undefined = undefined;
  #output = '';

  constructor(command: string, folder: string, port: number) {
    this.#command = command;
    this.#folder = folder;
    this.port = port;
  }

  /** Undefined, and the test skipped, where there is none. Gone after the test. */
  static async start(t: TestContext, options: MosquittoOptions = {}): Promise<Mosquitto | undefined> {
    const command = await need(t, findMosquitto);
    if (command === undefined) return undefined;
    const folder = await mkdtemp(join(tmpdir(), 'katydid-mosquitto-'));
    const broker = new Mosquitto(command, folder, await freePort());
    t.after(async () => {
      await broker.kill();
      await rm(folder, { recursive: true });
    });
    for (const [file, content] of Object.entries(options.files ?? {})) await writeFile(join(folder, file), content);
    const { config = 'allow_anonymous true' } = options;
    await writeFile(
      join(folder, 'mosquitto.conf'),
      `listener ${broker.port} 127.0.0.1
set_tcp_nodelay true
user root
max_inflight_messages 0
max_queued_messages 0
sys_interval 0
${config.replaceAll('FOLDER', folder)}
`,
    );
    await broker.startAgain();
    return broker;
  }

  get host(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** What it has logged. */
  get output(): string {
    return this.#output;
  }

  async startAgain(): Promise<void> {
    const child = spawn(this.#command, ['-v', '-c', join(this.#folder, 'mosquitto.conf')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    await until('Mosquitto listens', () => accepts(this.port), { every: 0.01, show: () => this.#output });
  }

  /** At once, without a word to its clients. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
