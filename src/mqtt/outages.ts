import { log } from '../log.ts';

/** Lines come no more often. */
const usualMilliseconds = 1000;

/** Tells the log of connections that were lost and have come back: of all users in one line, not one for each. */
export class Outages {
  readonly #milliseconds: number;
  /** Those who have lost theirs. */
  readonly #away = new WeakSet<object>();
  #lost = 0;
  #back = 0;
  /** The last one lost stands for all. */
  #address = '';
  #why = '';
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(milliseconds: number = usualMilliseconds) {
    this.#milliseconds = milliseconds;
  }

  lost(one: object, address: string, why: string): void {
    this.#away.add(one);
    this.#lost++;
    this.#address = address;
    this.#why = why;
    this.#tellSoon();
  }

  /** It has a connection; nothing is told if it had lost none. */
  isBack(one: object): void {
    if (!this.#away.delete(one)) return;
    this.#back++;
    this.#tellSoon();
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(this.#tell, this.#milliseconds).unref();
  }

  readonly #tell = (): void => {
    const parts = [
      this.#lost === 0 ? [] : `${users(this.#lost)} lost the connection: ${this.#why}`,
      this.#back === 0 ? [] : `${users(this.#back)} connected again`,
    ].flat();
    log.warning(`${this.#address}: ${parts.join('; ')}`);
    this.#timer = undefined;
    this.#lost = 0;
    this.#back = 0;
  };
}

const users = (count: number): string => (count === 1 ? '1 user' : `${count} users`);

/** Of this thread. */
export const outages: Outages = new Outages();
