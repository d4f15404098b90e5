import type { Counts } from '../swarm/split.ts';

/** What decides how often a class is chosen. */
export interface DispatchClass {
  readonly name: string;
  readonly weight: number;
  /** Exactly so many users, started before all others; 0 for as many as the weight says. */
  readonly fixedCount: number;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

/**
 * Which class comes next, so that after each choice the numbers are as near to the weights as they can be, by the
 * Kullback-Leibler divergence: 5 A and 1 B come as AABAAAAABAAA. Locust's order; undefined if there is nothing to choose.
 */
function* inProportion(weights: readonly (readonly [name: string, weight: number])[]): Generator<string | undefined> {
  const all = weights.filter(([, weight]) => weight > 0).map(([name, weight]) => ({ name, weight, count: weight }));
  const gain = ({ weight, count }: { weight: number; count: number }): number =>
    weight * Math.log2(count / (count + 1));
  const heap = all.map((one) => ({ ...one, gain: gain(one), count: one.count + 1 }));
  for (;;) {
    const [first] = heap.sort((a, b) => a.gain - b.gain || a.count - b.count || a.weight - b.weight || byName(a, b));
    yield first?.name;
    if (first === undefined) continue;
    first.gain = gain(first);
    first.count++;
  }
}

/**
 * Which users are started and stopped, and in which steps: from one number of users to another at a rate. The same
 * classes in the same order as Locust's `UsersDispatcher` has for one worker.
 */
export class Dispatcher {
  readonly #all: readonly DispatchClass[];
  #classes: readonly DispatchClass[];
  readonly #counts: Map<string, number>;
  /** In the order of their start; the last one is the first to go. */
  readonly #active: string[] = [];
  #next: Generator<string | undefined>;
  #isFixedDue = true;
  #isExhausted = false;
  #target = 0;
  #perStep = 1;
  #rate = 1;

  constructor(classes: readonly DispatchClass[]) {
    this.#all = [...classes].sort(byName);
    this.#classes = this.#all;
    this.#counts = new Map(this.#all.map(({ name }) => [name, 0]));
    this.#next = this.#choices();
  }

  /**
   * From now on the steps lead to `target` users at `rate` users per second. `classNames` are those of which users are
   * added; those of the last call if not given, at first all.
   */
  aim(target: number, rate: number, classNames?: readonly string[]): void {
    const chosen = classNames === undefined ? this.#classes : this.#all.filter(({ name }) => classNames.includes(name));
    if (chosen.length !== this.#classes.length || chosen.some((one, at) => one !== this.#classes[at])) {
      this.#classes = chosen;
      this.#next = this.#choices();
    }
    this.#target = target;
    this.#rate = rate;
    this.#perStep = Math.max(1, Math.floor(rate));
    this.#isExhausted = false;
  }

  /** Seconds from one step to the next: a whole number of users is due then. */
  get pause(): number {
    return this.#perStep / this.#rate;
  }

  /** Whether there is no further step: as many users as aimed for, or none left that may be started. */
  get isDone(): boolean {
    return this.#active.length === this.#target || this.#isExhausted;
  }

  /** The users that are to run, by class. */
  get counts(): Counts {
    return new Map(this.#counts);
  }

  /** Takes one step; returns the users that are to run after it. */
  step(): Counts {
    const [has, by] = [this.#active.length, this.#perStep];
    if (has < this.#target) this.#add(Math.min(has + by, this.#target));
    else if (has > this.#target) this.#remove(Math.max(has - by, this.#target));
    return this.counts;
  }

  #add(until: number): void {
    while (this.#active.length < until) {
      const name = this.#next.next().value;
      if (name === undefined) {
        this.#isExhausted = true;
        return;
      }
      this.#count(name, 1);
      this.#active.push(name);
    }
  }

  #remove(until: number): void {
    while (this.#active.length > until) {
      this.#count(this.#active.pop() ?? '', -1);
      // Users of a fixed count may be missing now.
      this.#isFixedDue = true;
    }
  }

  #count(name: string, by: 1 | -1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  /** Missing users of fixed counts come first, then the others by weight. A round of fixed ones is never broken off. */
  *#choices(): Generator<string | undefined> {
    const classes = this.#classes;
    const weighted = inProportion(classes.filter((one) => one.fixedCount === 0).map((one) => [one.name, one.weight]));
    for (;;) {
      if (!this.#isFixedDue) {
        yield weighted.next().value;
        continue;
      }
      this.#isFixedDue = false;
      const missing = classes.flatMap(({ name, fixedCount }): [string, number][] => {
        const misses = fixedCount - (this.#counts.get(name) ?? 0);
        return fixedCount > 0 && misses > 0 ? [[name, misses]] : [];
      });
      const fixed = inProportion(missing);
      const total = missing.reduce((sum, [, misses]) => sum + misses, 0);
      for (let at = 0; at < total; at++) yield fixed.next().value;
    }
  }
}
