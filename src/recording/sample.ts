import type { Chance } from './chance.ts';

interface Kept {
  readonly lot: number;
  readonly value: string;
}

/**
 * Values of many, in their frequency, within bounds: all of them with exact counts for as long as there are no more than
 * `limit` distinct ones, from then on `limit` drawn evenly from all. Each value draws a lot, the lowest lots are kept:
 * so two samples can be merged into the one that both would have made together.
 */
export class Sample {
  readonly #limit: number;
  readonly #chance: Chance;
  #counts: Map<string, number> | undefined = new Map();
  /** A heap, the highest lot first. */
  #kept: Kept[] = [];
  /** How many values there were. */
  total = 0;

  constructor(limit: number, chance: Chance) {
    this.#limit = limit;
    this.#chance = chance;
  }

  /** Whether `counts` has all values. */
  get isWhole(): boolean {
    return this.#counts !== undefined;
  }

  add(value: string): void {
    this.total++;
    const counts = this.#counts;
    if (counts === undefined) return this.#draw(this.#chance(), value);
    const count = counts.get(value);
    // a copy: a part of a line would hold on to all that was read with it
    counts.set(count === undefined ? copyOf(value) : value, (count ?? 0) + 1);
    if (counts.size > this.#limit) this.#toLots(counts);
  }

  take(other: Sample): void {
    this.total += other.total;
    if (this.#counts !== undefined && other.#counts !== undefined) {
      for (const [value, count] of other.#counts) this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
      if (this.#counts.size > this.#limit) this.#toLots(this.#counts);
      return;
    }
    if (this.#counts !== undefined) this.#toLots(this.#counts);
    if (other.#counts !== undefined) other.#toLots(other.#counts);
    for (const { lot, value } of other.#kept) this.#draw(lot, value);
  }

  /** Value → how often, the frequent ones first; of a sample, how often among the drawn ones. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map(this.#counts ?? []);
    for (const { value } of this.#kept) counts.set(value, (counts.get(value) ?? 0) + 1);
    return new Map([...counts].sort(([one, often], [other, oftener]) => oftener - often || (one < other ? -1 : 1)));
  }

  /** The lots that the values would have drawn: of `count` lots the lowest, one after the other. */
  #toLots(counts: ReadonlyMap<string, number>): void {
    this.#counts = undefined;
    for (const [value, count] of counts) {
      let lot = 0;
      for (let drawn = 0; drawn < Math.min(count, this.#limit); drawn++) {
        lot = 1 - (1 - lot) * (1 - this.#chance()) ** (1 / (count - drawn));
        if (this.#kept.length === this.#limit && lot >= (this.#kept[0]?.lot ?? 1)) break;
        this.#draw(lot, value);
      }
    }
  }

  #draw(lot: number, value: string): void {
    const kept = this.#kept;
    if (kept.length < this.#limit) {
      kept.push({ lot, value: copyOf(value) });
      this.#rise(kept.length - 1);
    } else if (lot < (kept[0]?.lot ?? 0)) {
      kept[0] = { lot, value: copyOf(value) };
      this.#sink();
    }
  }

  #rise(from: number): void {
    const kept = this.#kept;
    for (let at = from; at > 0; ) {
      const above = (at - 1) >> 1;
      if ((kept[above]?.lot ?? 0) >= (kept[at]?.lot ?? 0)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  #sink(): void {
    const kept = this.#kept;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const below = (kept[right]?.lot ?? -1) > (kept[left]?.lot ?? -1) ? right : left;
      if ((kept[below]?.lot ?? -1) <= (kept[at]?.lot ?? 0)) return;
      this.#swap(at, below);
      at = below;
    }
  }

  #swap(one: number, other: number): void {
    const kept = this.#kept;
    const [a, b] = [kept[one], kept[other]];
    if (a === undefined || b === undefined) return;
    kept[one] = b;
    kept[other] = a;
  }
}

/** The same text in memory of its own. */
export function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
