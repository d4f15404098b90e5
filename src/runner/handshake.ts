import { log } from '../log.ts';

/** Locust's CONNECT_TIMEOUT. After a minute the pauses grow, up to half a minute. */
const firstPauseSeconds = 5;
const lastPauseSeconds = 30;
const patientTries = 12;
/** A timer may fire so much too early: the time is over all the same. */
const earlySeconds = 0.002;

/** Whom to ask, and for how long. */
export interface HandshakeSettings {
  /** `host:port`, for people. */
  readonly master: string;
  /** Seconds to wait for the first acknowledgement; for ever if not given. */
  readonly maxConnectTime?: number | undefined;
}

/** `client_ready`, again and again until the master acknowledges it. */
export class Handshake {
  readonly #ask: () => void;
  readonly #settings: HandshakeSettings;
  #resolve: ((reason: string | undefined) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isFirst = true;

  constructor(settings: HandshakeSettings, ask: () => void) {
    this.#settings = settings;
    this.#ask = ask;
  }

  /**
   * Resolves with undefined when acknowledged or ended; with the reason, for people, when the first acknowledgement did
   * not come in time.
   */
  begin(): Promise<string | undefined> {
    this.#resolve?.(undefined);
    const began = performance.now();
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#try(1, began);
    });
  }

  acknowledged(): void {
    this.#isFirst = false;
    this.end();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#resolve?.(undefined);
    this.#resolve = undefined;
  }

  #try(count: number, began: number): void {
    clearTimeout(this.#timer);
    const { master, maxConnectTime } = this.#settings;
    const waited = (performance.now() - began) / 1000;
    if (this.#isFirst && maxConnectTime !== undefined && waited >= maxConnectTime - earlySeconds) {
      this.#resolve?.(`no master at ${master} answered within ${maxConnectTime} s (--max-connect-time); is it there?`);
      this.#resolve = undefined;
      return;
    }
    if (count > 1) log.warning(`no answer from the master at ${master} yet, try ${count}; is it there? Trying on`);
    this.#ask();
    const pause =
      count <= patientTries
        ? firstPauseSeconds
        : Math.min(lastPauseSeconds, firstPauseSeconds * (count - patientTries + 1));
    const left = this.#isFirst && maxConnectTime !== undefined ? Math.max(0, maxConnectTime - waited) : pause;
    this.#timer = setTimeout(() => this.#try(count + 1, began), Math.min(pause, left) * 1000);
  }
}
