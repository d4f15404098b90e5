import { Pauses } from './pauses.ts';

export interface SessionSettings {
  /** A client that was silent for longer begins a new session; ms. */
  readonly gap: number;
  /** How many clients are remembered at once. */
  readonly clients: number;
}

/** Where a client is in its session. */
interface Visit {
  endpoint: number;
  endedAt: number;
}

/** Ids of endpoints in one number. */
const idFactor = 2 ** 26;
/** How many pairs of endpoints are counted at once. */
const mostPairs = 500_000;

/** What clients do one after the other: their sessions, the pauses in them, and which endpoint follows which. */
export class Sessions {
  readonly #settings: SessionSettings;
  readonly pauses: Pauses = new Pauses();
  /** Two generations: who is not seen while one fills up is forgotten with it. */
  #young = new Map<string, Visit>();
  #old = new Map<string, Visit>();
  #pairs = new Map<number, number>();
  count = 0;
  /** Sessions that may have been cut, because more clients came at once than are remembered. */
  cut = 0;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  add(client: string, endpoint: number, startedAt: number, end: number): void {
    let endedAt = end;
    const visit = this.#visitOf(client, end);
    const pause = visit === undefined ? Number.POSITIVE_INFINITY : startedAt - visit.endedAt;
    if (visit === undefined) this.#young.set(client, { endpoint, endedAt });
    if (visit === undefined || Math.abs(pause) > this.#settings.gap) {
      this.count++;
    } else {
      this.pauses.add(pause);
      this.#countPair(visit.endpoint * idFactor + endpoint);
      // Requests that ran at once end in any order.
      endedAt = Math.max(endedAt, visit.endedAt);
    }
    if (visit === undefined) return;
    visit.endpoint = endpoint;
    visit.endedAt = endedAt;
  }

  /** First id, second id, how often the second followed the first; each id as `idOf` says it is called now. */
  followers(idOf: (id: number) => number): Map<number, Map<number, number>> {
    const followers = new Map<number, Map<number, number>>();
    for (const [pair, count] of this.#pairs) {
      const first = idOf(Math.floor(pair / idFactor));
      const second = idOf(pair % idFactor);
      const next = followers.get(first) ?? new Map<number, number>();
      next.set(second, (next.get(second) ?? 0) + count);
      followers.set(first, next);
    }
    return followers;
  }

  #visitOf(client: string, now: number): Visit | undefined {
    const young = this.#young.get(client);
    if (young !== undefined) return young;
    if (this.#young.size >= this.#settings.clients / 2) this.#forget(now);
    const old = this.#old.get(client);
    if (old !== undefined) {
      this.#old.delete(client);
      this.#young.set(client, old);
    }
    return old;
  }

  #forget(now: number): void {
    for (const { endedAt } of this.#old.values()) if (now - endedAt <= this.#settings.gap) this.cut++;
    this.#old = this.#young;
    this.#young = new Map();
  }

  /** What is rare cannot become a sequence: it makes room. */
  #countPair(pair: number): void {
    this.#pairs.set(pair, (this.#pairs.get(pair) ?? 0) + 1);
    for (let least = 1; this.#pairs.size > mostPairs; least *= 2) {
      for (const [rare, count] of this.#pairs) if (count <= least) this.#pairs.delete(rare);
    }
  }
}
