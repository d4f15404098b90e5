// Duty: real processes for the tests: an unmodified master, katydid's workers, the target they load.
import { type ChildProcess, spawn } from 'node:child_process';
import { until } from './until.ts';

/** A process of ours with all that it printed. It is ended by its own pid, never by name. */
export class Child {
  readonly name: string;
  /** Its exit code, or the signal that ended it; settles when it is gone. */
  readonly ended: Promise<number | NodeJS.Signals>;
  #output = '';
  readonly #process: ChildProcess;

  constructor(name: string, program: string, args: readonly string[], env: Record<string, string> = {}) {
    this.name = name;
    const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('LOCUST_'));
    this.#process = spawn(program, args, {
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => this.#keep(chunk));
    this.#process.stderr?.on('data', (chunk: Buffer) => this.#keep(chunk));
    this.ended = new Promise((resolve) => {
      this.#process.on('error', (error) => {
        this.#output += error.message;
        resolve(127);
      });
      this.#process.on('close', (code, signal) => resolve(signal ?? code ?? 1));
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get output(): string {
    return this.#output;
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Waits until it has printed a text. */
  async said(text: string | RegExp, limit = 20): Promise<void> {
    await until(`${this.name} says ${text}`, () => this.#output.search(text) >= 0, { limit, show: () => this.#output });
  }

  /** Asks it to end, waits, and ends it for good if it does not; returns how it ended. */
  async end(signal: NodeJS.Signals = 'SIGTERM', limit = 15): Promise<number | NodeJS.Signals> {
    if (this.isAlive) this.signal(signal);
    const timer = setTimeout(() => this.signal('SIGKILL'), limit * 1000);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  #keep(chunk: Buffer): void {
    this.#output += chunk.toString();
  }
}
