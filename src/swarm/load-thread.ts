import { Worker } from 'node:worker_threads';
import type { Order, Report, ThreadData } from './port.ts';

const source = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/** What the pool hears of one of its threads. */
export interface ThreadListener {
  onReport(report: Report): void;
  /** It ended without an order; `reason` is for people. */
  onDeath(reason: string): void;
}

/** The main thread's end of one load thread. */
export class LoadThread {
  readonly #worker: Worker;
  #isOver = false;
  #reason: string | undefined;

  constructor(data: ThreadData, listener: ThreadListener) {
    this.#worker = new Worker(source, { workerData: data, name: `load ${data.thread.index + 1}` });
    this.#worker.on('message', (report: Report) => {
      if (!this.#isOver) listener.onReport(report);
    });
    this.#worker.on('error', (error: Error & { code?: string }) => {
      this.#reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : (error.stack ?? error.message);
    });
    this.#worker.on('exit', (code) => {
      if (this.#isOver) return;
      this.#isOver = true;
      listener.onDeath(this.#reason ?? `process.exit(${code}) in user code`);
    });
  }

  post(order: Order): void {
    if (!this.#isOver) this.#worker.postMessage(order);
  }

  /** Ends it, whatever it does; nothing more is heard of it. */
  async terminate(): Promise<void> {
    this.#isOver = true;
    await this.#worker.terminate();
  }
}
