/**
 * Lets those who come together go on one by one, one each turn of the event loop. A login with a token takes up to a
 * millisecond: without this, of 500 devices that begin together each would wait for the logins of all others before its
 * CONNECT is sent, and its connect would seem to take that long. Sockets are read and written between two of them.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /** Resolves when it is one's turn; at once if nobody had this one. */
  next(): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true;
      setImmediate(this.#pass);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  readonly #pass = (): void => {
    const go = this.#waiting.shift();
    this.#isTaken = go !== undefined;
    if (go === undefined) return;
    setImmediate(this.#pass);
    go();
  };
}

/** Of this thread. */
export const turns: Turns = new Turns();
