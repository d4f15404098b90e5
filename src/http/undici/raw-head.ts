import { type Head, joined } from '../head.ts';

/** A head as undici's parser gives it: names and values in turn, in bytes. */
export class RawHead implements Head {
  readonly status: number;
  readonly statusText: string;
  readonly #raw: readonly Buffer[];

  constructor(status: number, statusText: string, raw: readonly Buffer[]) {
    this.status = status;
    this.statusText = statusText;
    this.#raw = raw;
  }

  values(name: string): readonly string[] | undefined {
    const raw = this.#raw;
    const first = name.charCodeAt(0);
    let values: string[] | undefined;
    for (let at = 0; at < raw.length; at += 2) {
      const key = raw[at];
      // Length and first letter rule out nearly all before a text is made.
      if (key?.length !== name.length || ((key[0] ?? 0) | 0x20) !== first) continue;
      if (key.toString('latin1').toLowerCase() !== name) continue;
      values ??= [];
      values.push(raw[at + 1]?.toString('latin1') ?? '');
    }
    return values;
  }

  all(): Readonly<Record<string, string>> {
    return joined(
      this.#raw.map((bytes, at) => (at % 2 === 0 ? bytes.toString('latin1').toLowerCase() : bytes.toString('latin1'))),
    );
  }
}
