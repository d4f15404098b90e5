import { TaskSet } from '../user/task-set.ts';
import { User } from '../user/user.ts';
import { decoded } from './target.ts';

/** What a variable may not be called. */
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield process options encodeURIComponent'
  ).split(' '),
);
/** Fields of users and task sets; the other members are found on their prototypes. */
const fields = new Set(['environment', 'createdAt', 'life', 'client', 'parent', 'user', 'scheduled', 'think']);
const longest = 40;

/** Whether a method of a user or a task set of this name would be one that each of them has, and so be no task. */
function isTaken(name: string): boolean {
  return name in User.prototype || name in TaskSet.prototype || fields.has(name);
}

/** Hands out each name once. */
export class Names {
  readonly #used = new Set<string>();

  /** The name in camelCase, fit for a method. */
  method(words: readonly string[]): string {
    const name = camelCase(words) || 'request';
    return this.#unique(isTaken(name) ? `get${upper(name)}` : name);
  }

  /** The name in camelCase, fit for a variable. */
  variable(word: string): string {
    const name = camelCase([word]) || 'value';
    // `userValues` is what the values of `user` are drawn with.
    return this.#unique(reserved.has(name) || /Values\d*$/.test(name) ? `${name}Value` : name);
  }

  /** The name in CamelCase, fit for a class. */
  class(words: readonly string[]): string {
    return this.#unique(upper(camelCase(words) || 'sequence'));
  }

  #unique(name: string): string {
    let unique = name;
    for (let number = 2; this.#used.has(unique); number++) unique = `${name}${number}`;
    this.#used.add(unique);
    return unique;
  }
}

/** `['user', 'orders.json']` → `userOrdersJson`; nothing but letters and digits, none of them first. */
export function camelCase(words: readonly string[]): string {
  const parts = words.flatMap((word) => decoded(word).split(/[^A-Za-z0-9]+/)).filter((part) => part !== '');
  let name = '';
  for (const [at, part] of parts.entries()) {
    const plain = /[a-z]/.test(part) ? part : part.toLowerCase();
    if (name.length + plain.length > longest && name !== '') break;
    name += at === 0 ? lower(plain) : upper(plain);
  }
  return /^\d/.test(name) ? `path${name.slice(0, longest)}` : name.slice(0, longest);
}

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
const lower = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** One of what an English word has many of: `categories` → `category`. */
export function singular(word: string): string {
  if (/(ss|us|is|news|series)$/i.test(word) || word.length < 4) return word;
  if (/ies$/i.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ch|sh|x|ss|zz)es$/i.test(word)) return word.slice(0, -2);
  return /s$/i.test(word) ? word.slice(0, -1) : word;
}
