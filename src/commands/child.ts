import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { within } from '../swarm/within.ts';

/** After this long a child that was asked to end is ended. */
const graceMilliseconds = 10_000;

/** A program that runs beside this one, in a process group of its own: Ctrl-C reaches it through its owner only. */
export class Child {
  readonly name: string;
  /** Resolves with its exit code; 128 + the signal's number if one ended it. */
  readonly exited: Promise<number>;
  readonly #process: ChildProcess;
  #isOver = false;

  /** `onLine` gets each line that it prints. */
  constructor(name: string, program: string, argv: readonly string[], onLine: (line: string) => void) {
    this.name = name;
    this.#process = spawn(program, argv, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.exited = new Promise((resolve) => {
      this.#process.once('error', (error) => {
        onLine(`cannot be started: ${error.message}`);
        this.#isOver = true;
        resolve(127);
      });
      this.#process.once('close', (code, signal) => {
        this.#isOver = true;
        resolve(code ?? (signal === null ? 1 : 128 + 15));
      });
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream !== null) createInterface(stream).on('line', onLine);
    }
  }

  get isRunning(): boolean {
    return !this.#isOver;
  }

  /** Asks it to end, and ends it if it does not. */
  async end(): Promise<void> {
    if (this.#isOver) return;
    this.#process.kill('SIGTERM');
    await within(graceMilliseconds, this.exited);
    this.kill();
    await this.exited;
  }

  kill(): void {
    if (!this.#isOver) this.#process.kill('SIGKILL');
  }
}
