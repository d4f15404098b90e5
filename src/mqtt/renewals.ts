import { longestTimer } from '../user/life.ts';

/** Has something that must be renewed at a certain time. */
export interface Renewable {
  /** Epoch ms. */
  readonly renewAt: number;
  renew(): void;
}

/** What comes due within so many milliseconds is not looked for anew. */
const grain = 50;

/** All that is to be renewed in this thread, with one timer: one for each of very many devices would cost memory. */
export class Renewals {
  readonly #all = new Set<Renewable>();
  #timer: NodeJS.Timeout | undefined = undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  /** Once; whoever is renewed adds itself again. */
  add(one: Renewable): void {
    this.#all.add(one);
    if (one.renewAt < this.#timerAt) this.#ringAt(one.renewAt);
  }

  delete(one: Renewable): void {
    if (!this.#all.delete(one) || this.#all.size > 0) return;
    clearTimeout(this.#timer);
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #ringAt(at: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(this.#ring, Math.min(Math.max(at - Date.now(), grain), longestTimer));
  }

  readonly #ring = (): void => {
    const now = Date.now();
    const due: Renewable[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const one of this.#all) {
      if (one.renewAt <= now) due.push(one);
      else next = Math.min(next, one.renewAt);
    }
    for (const one of due) this.#all.delete(one);
    this.#timerAt = Number.POSITIVE_INFINITY;
    if (next < Number.POSITIVE_INFINITY) this.#ringAt(next);
    for (const one of due) one.renew();
  };
}

/** Those of this thread. */
export const renewals: Renewals = new Renewals();
