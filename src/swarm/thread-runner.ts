import { toError } from '../errors.ts';
import { log } from '../log.ts';
import { emptySnapshot, type StatsSnapshot } from '../stats/snapshot.ts';
import type { CustomMessage, Environment, Runner } from '../user/environment.ts';
import type { Report, ThreadData } from './port.ts';

type MessageListener = (message: CustomMessage) => unknown;

/** `environment.runner` in a load thread: it hands everything on to the main thread. */
export class ThreadRunner implements Runner {
  readonly kind: 'worker' | 'local';
  readonly clientId: string;
  workerIndex = -1;
  #totals: StatsSnapshot | undefined;
  readonly #post: (report: Report) => void;
  readonly #listeners = new Map<string, MessageListener>();

  constructor({ kind, clientId }: ThreadData, post: (report: Report) => void) {
    this.kind = kind;
    this.clientId = clientId;
    this.#post = post;
  }

  get stats(): StatsSnapshot {
    if (this.#totals === undefined) {
      this.#totals = emptySnapshot(Date.now() / 1000);
      this.#post({ type: 'watchTotals' });
    }
    return this.#totals;
  }

  set stats(totals: StatsSnapshot) {
    this.#totals = totals;
  }

  registerMessage(type: string, listener: MessageListener): void {
    this.#listeners.set(type, listener);
  }

  sendMessage(type: string, data: unknown = null): void {
    this.#post({ type: 'message', messageType: type, data });
  }

  quit(reason?: string): void {
    this.#post({ type: 'quit', reason });
  }

  /** Calls the listener of a message from the master; one that throws is logged and does no harm. */
  async receive(type: string, environment: Environment, data: unknown): Promise<void> {
    const listener = this.#listeners.get(type);
    if (listener === undefined) {
      if (environment.thread.index === 0) log.warning(`nobody listens to the master's message '${type}'`);
      return;
    }
    try {
      await listener({ environment, data });
    } catch (thrown) {
      log.error(`the listener of the message '${type}' threw: ${toError(thrown).stack}`);
    }
  }
}
