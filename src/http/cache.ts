/** So many entries are young; as many older ones are kept beside them. */
const generation = 500;

/** What was computed for texts that come again; bounded, for some of them never do. */
export class Cache<V> {
  #young = new Map<string, V>();
  #old: ReadonlyMap<string, V> = new Map();

  get(key: string): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    if (this.#young.size >= generation) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
