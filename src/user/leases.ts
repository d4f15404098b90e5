import type { Life } from './life.ts';

/** Who may hold a row: a user. */
export interface Holder {
  readonly life: Life;
}

/** Rows that one user at a time has; they come back when it ends, and are given out again after all others. */
export class Leases<T> {
  /** A ring: the free rows are the `#free` from `#first` on. */
  readonly #ring: T[];
  #first = 0;
  #free: number;
  readonly #held = new Map<Holder, T[]>();

  constructor(rows: readonly T[]) {
    this.#ring = [...rows];
    this.#free = rows.length;
  }

  /** How many users hold a row. */
  get holders(): number {
    return this.#held.size;
  }

  /** Whether no row is free. */
  get isOut(): boolean {
    return this.#free === 0;
  }

  /** A row for this user until it ends. One must be free. */
  take(user: Holder): T {
    if (this.isOut) throw new RangeError('no row is free');
    const row = this.#ring[this.#first] as T;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#free--;
    const own = this.#held.get(user);
    if (own === undefined) {
      this.#held.set(user, [row]);
      user.life.onOver(() => this.giveBack(user));
    } else own.push(row);
    return row;
  }

  /** All that this user holds is free again. */
  giveBack(user: Holder): void {
    const rows = this.#held.get(user) ?? [];
    this.#held.delete(user);
    for (const row of rows) this.#ring[(this.#first + this.#free++) % this.#ring.length] = row;
  }
}
