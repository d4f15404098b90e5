import { StopUser, UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { type Holder, Leases } from './leases.ts';
import { placeOf } from './place.ts';
import { readRows } from './rows-file.ts';
import { blockOfThread } from './shard.ts';

/** How the rows of a feeder are given out. */
export interface FeederOptions {
  /** One user at a time has a row; it comes back when the user ends, however it ends. */
  readonly unique?: boolean;
  /**
   * What a user gets when there is no row left: `cycle` begins anew, `stop` ends the user, `error` is an exception of the
   * user. Without it `cycle`, with `unique` `error`; the two exclude each other.
   */
  readonly onEnd?: 'cycle' | 'stop' | 'error';
}

/** A row of a CSV file: texts by the names of its header. */
export type CsvRow = Readonly<Record<string, string>>;

/** Gives the rows of a list to users: this thread's part of it, so that no row is at two users of different threads. */
export class Feeder<T> {
  /** This thread's part of the list. */
  readonly rows: readonly T[];
  readonly #name: string;
  readonly #onEnd: 'cycle' | 'stop' | 'error';
  readonly #leases: Leases<T> | undefined;
  #next = 0;

  constructor(list: readonly T[], { unique = false, onEnd }: FeederOptions, name = 'the list') {
    this.#name = name;
    this.#onEnd = onEnd ?? (unique ? 'error' : 'cycle');
    if (!['cycle', 'stop', 'error'].includes(this.#onEnd)) {
      throw new UsageError(`onEnd of a feeder is '${String(onEnd)}'; 'cycle', 'stop' or 'error' is expected`);
    }
    if (unique && this.#onEnd === 'cycle') {
      throw new UsageError(
        "unique: true and onEnd: 'cycle' of a feeder exclude each other; 'stop' or 'error' is expected",
      );
    }
    const { first, end } = blockOfThread(list.length);
    // A list that is shorter than there are threads: to cycle, a thread without a part of its own needs all.
    const isWhole = first === end && this.#onEnd === 'cycle';
    this.rows = isWhole ? list : list.slice(first, end);
    if (unique) this.#leases = new Leases(this.rows);
  }

  /** The next row, for this user; with `unique` its own until it ends, so that a user that asks again has two. */
  take(user: Holder): T {
    if (this.#leases !== undefined) {
      warnUnlessSharded(this.#name);
      return this.#leases.isOut ? this.#end(this.#leases.holders + 1) : this.#leases.take(user);
    }
    if (this.#next === this.rows.length && this.#onEnd === 'cycle') this.#next = 0;
    return this.#next < this.rows.length ? (this.rows[this.#next++] as T) : this.#end();
  }

  /** Before the user ends: what it holds of a feeder with `unique` is free again. */
  giveBack(user: Holder): void {
    this.#leases?.giveBack(user);
  }

  /** As one text however many users it hits, so that the master counts them as one exception. */
  #end(users?: number): never {
    if (this.#onEnd === 'stop') throw new StopUser();
    const { length } = this.rows;
    const { index, count } = placeOf().shard;
    const rows = `${length === 1 ? 'one row' : `${length} rows`} of ${this.#name} for this thread (part ${index + 1} of ${count})`;
    if (users === undefined) throw new Error(`all is used up: there ${length === 1 ? 'is' : 'are'} ${rows}`);
    throw new Error(
      `more users than rows: ${users} users at a time want ${users === 1 ? 'a row' : 'rows'}, and there ` +
        `${length === 1 ? 'is' : 'are'} ${rows}; start fewer users, or give ${this.#name} more rows`,
    );
  }
}

let isWarned = false;

/** Two workers that each take themselves for the only one would give the same rows out. Said once, by one thread. */
function warnUnlessSharded(name: string): void {
  const { kind, thread, shard } = placeOf();
  if (isWarned || kind !== 'worker' || shard.origin !== 'assumed' || thread.index !== 0) return;
  isWarned = true;
  log.warning(
    `this worker was not told which part of ${name} is its own, and uses all of it; if there are other workers, give ` +
      'each one its part: --shard 0/4 … 3/4 (KATYDID_SHARD), or KATYDID_SHARDS=4 in pods of a StatefulSet',
  );
}

/** Makes feeders; see `feeder`. */
export interface MakeFeeder {
  <T>(list: readonly T[], options?: FeederOptions): Feeder<T>;
  /** Of a CSV file with a header, beside the user file or in the working folder. */
  csv(file: string | URL, options?: FeederOptions): Feeder<CsvRow>;
}

function csv(file: string | URL, options: FeederOptions = {}): Feeder<CsvRow> {
  const { rows, name } = readRows(file, placeOf().folders);
  return new Feeder(rows, options, name);
}

const make = <T>(list: readonly T[], options: FeederOptions = {}): Feeder<T> => new Feeder(list, options);

/**
 * Test data for users, row by row: a list, or with `feeder.csv` a file. Each thread of each worker gives out its own part
 * (see `shard`). With `unique` a row is one user's at a time.
 *
 * @example
 * const accounts = feeder.csv('accounts.csv', { unique: true });
 * export class Buyer extends HttpUser {
 *   async onStart() {
 *     const { name, password } = accounts.take(this);
 *     await this.client.post('/login', { form: { name, password } });
 *   }
 * }
 */
export const feeder: MakeFeeder = Object.assign(make, { csv });
