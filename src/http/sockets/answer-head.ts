import { type Head, joined } from '../head.ts';

/** How a body ends. */
export interface Framing {
  readonly kind: 'none' | 'length' | 'chunked' | 'close';
  /** Bytes, if `kind` is `length`. */
  readonly length: number;
  /** The connection may be used again. */
  readonly isKept: boolean;
  /** Milliseconds for which the server keeps it. */
  readonly keptFor: number;
}

/** The head of an answer: a text that was checked line by line, taken apart when somebody asks. */
export class AnswerHead implements Head, Framing {
  readonly status: number;
  readonly kind: Framing['kind'];
  readonly length: number;
  readonly isKept: boolean;
  readonly keptFor: number;
  /** Status line and headers with their line ends, one letter a byte. */
  readonly #text: string;
  /** A bit for each name that is there, so that most that are not are known without looking. */
  readonly #names: number;
  #list: readonly string[] | undefined = undefined;
  #all: Readonly<Record<string, string>> | undefined = undefined;

  constructor(status: number, text: string, names: number, framing: Framing) {
    this.status = status;
    this.kind = framing.kind;
    this.length = framing.length;
    this.isKept = framing.isKept;
    this.keptFor = framing.keptFor;
    this.#text = text;
    this.#names = names;
  }

  get statusText(): string {
    return this.#text.slice(13, this.#text.indexOf('\r\n'));
  }

  values(name: string): readonly string[] | undefined {
    if ((this.#names & nameBit(name.length, name.charCodeAt(0))) === 0) return undefined;
    const list = this.#pairs();
    const values = list.filter((_text, at) => at % 2 === 1 && list[at - 1] === name);
    return values.length > 0 ? values : undefined;
  }

  all(): Readonly<Record<string, string>> {
    // One head may belong to many answers.
    this.#all ??= Object.freeze(joined(this.#pairs()));
    return this.#all;
  }

  #pairs(): readonly string[] {
    if (this.#list === undefined) {
      // A line that begins with a blank goes on with the value of the one before: RFC 9112, 5.2.
      const lines = this.#text.replace(/[ \t]*\r\n[ \t]+/g, ' ').split('\r\n');
      this.#list = lines.slice(1, -1).flatMap((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), trimmed(line.slice(colon + 1))];
      });
    }
    return this.#list;
  }
}

/** Names are told apart by their length and first letter, as far as 32 bits go. */
export function nameBit(length: number, first: number): number {
  return 1 << ((length * 7 + (first | 0x20)) & 31);
}

/** Only blanks and tabs: `trim` would take more. */
function trimmed(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, '');
}
