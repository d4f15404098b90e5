import type { ErrorSnapshot } from '../stats/snapshot.ts';

/** Distinct rows kept of a run. What comes after is counted under one text for each method and name. */
const maxRows = 2000;
const tooMany = '(other failures: more than 2000 distinct texts in the run; texts should not hold ids)';

interface Failure {
  readonly error: ErrorSnapshot;
  occurrences: number;
  firstSeen: number | null;
  lastSeen: number | null;
}

/** The failures of a run by method, name and text, in the order in which they were first told of. */
export class Failures {
  readonly #rows = new Map<string, Failure>();

  add(errors: readonly ErrorSnapshot[]): void {
    for (const error of errors) this.#add(error);
  }

  clear(): void {
    this.#rows.clear();
  }

  toSnapshots(): readonly ErrorSnapshot[] {
    return [...this.#rows.values()].map(({ error, ...sums }) => ({ ...error, ...sums }));
  }

  #add(error: ErrorSnapshot): void {
    const key = JSON.stringify([error.method, error.name, error.error]);
    const known = this.#rows.get(key);
    if (known === undefined) {
      if (this.#rows.size >= maxRows && error.error !== tooMany) this.#add({ ...error, error: tooMany });
      else
        this.#rows.set(key, {
          error,
          occurrences: error.occurrences,
          firstSeen: error.firstSeen,
          lastSeen: error.lastSeen,
        });
      return;
    }
    const { firstSeen, lastSeen } = error;
    known.occurrences += error.occurrences;
    if (firstSeen !== null) known.firstSeen = Math.min(known.firstSeen ?? firstSeen, firstSeen);
    if (lastSeen !== null) known.lastSeen = Math.max(known.lastSeen ?? lastSeen, lastSeen);
  }
}
