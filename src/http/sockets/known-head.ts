import type { AnswerHead } from './answer-head.ts';

/** So many heads in a row may be unlike the one before until it is thought useless to keep them. */
const patience = 8;

/**
 * The head of the last answer to requests of one kind. The next one is most often the same, letter by letter: then it
 * need not be read again.
 */
export class KnownHead {
  /** Bytes of the head. */
  size = 0;
  #head: AnswerHead | undefined = undefined;
  #words: Int32Array | undefined = undefined;
  #misses = 0;

  /** The head with which these bytes begin, if it is the known one. `words` are the same bytes in fours. */
  recall(bytes: Uint8Array, words: Int32Array, end: number): AnswerHead | undefined {
    const known = this.#words;
    const { size } = this;
    if (known === undefined || end < size) return undefined;
    const whole = size >> 2;
    for (let at = 0; at < whole; at++) {
      if (words[at] !== known[at]) return undefined;
    }
    const last = known[whole] ?? 0;
    for (let at = whole << 2, shift = 0; at < size; at++, shift += 8) {
      if (bytes[at] !== ((last >>> shift) & 0xff)) return undefined;
    }
    this.#misses = 0;
    return this.#head;
  }

  /** Keeps the head that these bytes begin with; not the first, which may be the only one, and no more than pays. */
  keep(head: AnswerHead, bytes: Uint8Array, size: number): void {
    const misses = this.#misses++;
    if (misses === 0 && this.#head === undefined) return;
    if (misses > patience && misses % 64 !== 0) return;
    const copy = new Uint8Array((size + 4) & ~3);
    copy.set(bytes.subarray(0, size));
    this.#words = new Int32Array(copy.buffer);
    this.#head = head;
    this.size = size;
  }
}
