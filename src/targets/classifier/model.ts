import { readFileSync } from 'node:fs';

interface ModelFile {
  readonly categories: readonly string[];
  /** Word → category by number → weight. */
  readonly words: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The same file for the servers in all languages, so that all answer the same. */
const file = new URL('../../../protos/text-model.json', import.meta.url);

/** Bytes. Longer texts are refused: they are no sentences to classify, and would measure the network. */
const maxTextLength = 16_384;

/**
 * A linear classifier: the weights of all words of a text are added up for each category. Whole numbers only, so that no
 * language rounds differently.
 */
export class Model {
  readonly categories: readonly string[];
  readonly #words: ReadonlyMap<string, readonly (readonly [category: number, weight: number])[]>;

  constructor({ categories, words }: ModelFile = JSON.parse(readFileSync(file, 'utf8')) as ModelFile) {
    this.categories = categories;
    this.#words = new Map(
      Object.entries(words).map(([word, weights]) => [
        word,
        Object.entries(weights).map(([category, weight]) => [Number(category), weight] as const),
      ]),
    );
  }

  /**
   * The number of the category with the greatest sum, of equal ones the smallest; 0 (`other`) if no word is known. Words are
   * runs of ASCII letters and digits, in whatever case.
   */
  predict(text: string): number {
    const sums = new Array<number>(this.categories.length).fill(0);
    for (const [word] of text.matchAll(/[A-Za-z0-9]+/g)) {
      for (const [category, weight] of this.#words.get(word.toLowerCase()) ?? []) {
        sums[category] = (sums[category] ?? 0) + weight;
      }
    }
    return sums.indexOf(Math.max(...sums));
  }
}

/** Why a text cannot be classified, for the client; undefined if it can. */
export function problemOf(text: unknown): string | undefined {
  if (typeof text !== 'string') return 'text must be a string';
  if (!/[^ \t\r\n]/.test(text)) return 'text must not be empty';
  if (Buffer.byteLength(text) > maxTextLength) return `text must not be longer than ${maxTextLength} bytes`;
  return undefined;
}

/** The parts of a text between blanks. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/[^ \t\r\n]+/g) ?? [];
}
