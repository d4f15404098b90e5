import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';

/**
 * A file that is written while others read it. It stays the same file, as Locust's does, and a write that fails leaves
 * no torn row at its end.
 */
export class CsvFile {
  readonly path: string;
  readonly #descriptor: number;
  /** Bytes up to the end of the last whole row. */
  #end = 0;

  /** Opens the file, and makes it if need be; what is in it stays until the first write. Throws what the system says. */
  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o666);
  }

  /** The whole content anew. */
  rewrite(text: string): void {
    this.#write(text, 0);
  }

  /** After the last whole row. */
  append(text: string): void {
    this.#write(text, this.#end);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(text: string, from: number): void {
    const bytes = Buffer.from(text);
    let written = 0;
    try {
      while (written < bytes.length) {
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, from + written);
      }
    } catch (error) {
      const rows = lengthOfRows(bytes.subarray(0, written));
      if (rows > 0 || from > 0) this.#endAt(from + rows);
      throw error;
    }
    this.#endAt(from + written);
  }

  #endAt(end: number): void {
    this.#end = end;
    try {
      ftruncateSync(this.#descriptor, end);
    } catch (error) {
      // a pipe or a device has no length
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
    }
  }
}

const quote = 0x22;
const lineFeed = 0x0a;

/** Bytes up to the end of the last whole row: a line end within quotes is none. */
function lengthOfRows(bytes: Uint8Array): number {
  let length = 0;
  let isQuoted = false;
  for (const [at, byte] of bytes.entries()) {
    if (byte === quote) isQuoted = !isQuoted;
    else if (byte === lineFeed && !isQuoted) length = at + 1;
  }
  return length;
}
