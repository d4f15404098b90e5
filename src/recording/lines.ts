import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A line of a log is shorter than this; a longer one is cut here, which its reader then finds. */
const longestLine = 128 * 1024;

/**
 * The bytes of a file, or of standard input for `-`; unpacked if they are packed with gzip, whatever the file is
 * called. Each byte is a letter, as logs may hold any.
 */
export async function* chunksOf(file: string): AsyncGenerator<string> {
  const source: Readable = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 256 * 1024 });
  const chunks = source[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  const first = await chunks.next();
  if (first.done === true) return;
  const start = first.value;
  const whole = joined(start, chunks);
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  // An error of any part is thrown where the end is read.
  const bytes = isPacked ? pipeline(Readable.from(whole), createGunzip({ chunkSize: 256 * 1024 }), () => {}) : whole;
  for await (const chunk of bytes) yield (chunk as Buffer).toString('latin1');
}

async function* joined(start: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  yield* rest;
}

/** Cuts chunks into lines, without their ends; `onLine` gets each one. The rest of the last chunk is a line, too. */
export class LineCutter {
  readonly #onLine: (line: string) => void;
  #rest = '';
  /** The rest of a line that was too long is dropped. */
  #isDropping = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: string): void {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      this.#take(chunk.slice(from, end), true);
      from = end + 1;
    }
    this.#take(chunk.slice(from), false);
  }

  end(): void {
    if (this.#rest !== '') this.#take('', true);
  }

  #take(part: string, isEnd: boolean): void {
    const line = this.#rest === '' ? part : this.#rest + part;
    this.#rest = '';
    if (!isEnd && line.length <= longestLine) {
      this.#rest = line;
      return;
    }
    if (!this.#isDropping) this.#onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    this.#isDropping = !isEnd;
  }
}
