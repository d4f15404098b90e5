/** The devices of the logs, numbered as they come. */
export class DeviceNames {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  /** `latin1` is the name with each byte as a letter. */
  numberOf(latin1: string): number {
    const known = this.#numbers.get(latin1);
    if (known !== undefined) return known;
    const number = this.#names.length;
    const bytes = Buffer.from(latin1, 'latin1');
    // A copy: a part of a line would keep the whole chunk of the log in memory.
    this.#numbers.set(bytes.toString('latin1'), number);
    this.#names.push(bytes.toString());
    return number;
  }

  nameOf(number: number): string {
    return this.#names[number] ?? '';
  }

  /**
   * Number → place in the order of the names. Two devices keep their order when others come, so what was sorted by an
   * earlier answer is sorted by a later one, too.
   */
  ranks(): Uint32Array {
    const names = this.#names;
    // Equal texts of different bytes, as broken UTF-8 has them, stay apart by their numbers.
    const order = names.map((_, number) => number).sort((a, b) => byText(names[a] ?? '', names[b] ?? '') || a - b);
    const ranks = new Uint32Array(names.length);
    for (const [rank, number] of order.entries()) ranks[number] = rank;
    return ranks;
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
