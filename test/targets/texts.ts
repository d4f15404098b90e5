// Texts for classifiers, made the same in each run, and a second opinion on their categories.
import { readFileSync } from 'node:fs';

interface ModelFile {
  readonly categories: readonly string[];
  readonly words: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const path = new URL('../../protos/text-model.json', import.meta.url);
export const modelFile: ModelFile = JSON.parse(readFileSync(path, 'utf8')) as ModelFile;

const known = Object.keys(modelFile.words);
const unknown = ['the', 'of', 'x', 'zzz9', 'walking', 'electio', 'elections2', '0', '1984', 'constructor', '__proto__'];
/** Letters of other scripts, some of which look like ASCII's or become these in lower case; none makes a word. */
const foreign = [
  'Wähler',
  'élection',
  '選挙',
  'К',
  '\u212a',
  'ſport',
  'İ',
  '👍🏽',
  'e\u0301',
  'ﬁnal',
  '١٢',
  '\u200b',
  '\u00a0',
  '\u2028',
  '\0',
];
const glue = [
  ' ',
  ' ',
  ' ',
  '  ',
  '\t',
  '\n',
  '\r\n',
  ', ',
  '. ',
  '-',
  '_',
  "'",
  '/',
  '—',
  '\u00a0',
  '\v',
  '\u3000',
  '"',
  '\\',
  '',
];

/** Numbers from 0 to 1, the same in each run (Lehmer's generator). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** So many texts: of known and unknown words, in any case, with digits, punctuation and Unicode; some tie, some are long. */
export function madeTexts(count: number): readonly string[] {
  const next = chance(2026);
  const one = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const word = (): string => {
    const kind = next();
    const base = kind < 0.6 ? one(known) : kind < 0.8 ? one(unknown) : one(foreign);
    const style = next();
    if (style < 0.15) return base.toUpperCase();
    if (style < 0.25) return base.charAt(0).toUpperCase() + base.slice(1);
    return style < 0.3 ? base + Math.floor(next() * 100) : base;
  };
  return Array.from({ length: count }, (_, at) => {
    const length = at % 50 === 0 ? 1900 : 1 + Math.floor(next() * 8);
    // No blanks only: those are refused.
    let text = 't';
    for (let i = 0; i < length; i++) text += one(glue) + word();
    return at % 3 === 0 ? text : text.slice(1) + one(['!', '?', '#']);
  });
}

/** The sums of all categories, counted in another way than the servers do: letter by letter. */
export function sumsOf(text: string): readonly number[] {
  const sums = modelFile.categories.map(() => 0);
  let word = '';
  for (const letter of `${text} `) {
    if ((letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')) {
      word += letter;
      continue;
    }
    const weights = Object.hasOwn(modelFile.words, word.toLowerCase()) ? modelFile.words[word.toLowerCase()] : {};
    for (const [category, weight] of Object.entries(weights ?? {}))
      sums[Number(category)] = (sums[Number(category)] ?? 0) + weight;
    word = '';
  }
  return sums;
}

/** The category that a text must have. */
export const categoryOf = (text: string): number => sumsOf(text).indexOf(Math.max(...sumsOf(text)));
