import { UsageError } from '../errors.ts';
import { accessLines } from './access-line.ts';
import type { Hit, Line, LineReader } from './hit.ts';
import { JsonLines } from './json-line.ts';
import { chunksOf, LineCutter } from './lines.ts';

/** How a log is written. */
export type Format = 'access' | 'json' | 'har';

/** A line that could not be read. */
export interface BadLine {
  readonly number: number;
  readonly text: string;
  readonly reason: string;
}

/** What became of one file. */
export interface ReadFile {
  readonly file: string;
  readonly format: Format;
  /** Without empty ones. */
  lines: number;
  skipped: number;
  firstBad: BadLine | undefined;
  /** Which fields of JSON were recognised. */
  fields: string;
  /** Why it was not read to its end. */
  broken: string | undefined;
}

/** Gets what files hold. */
export interface Reader {
  /** Why it is no request after all, if it is none. */
  onHit(hit: Hit): string | undefined;
  /** The text of a HAR, and the name of its file. */
  onHar(text: string, file: string): void;
}

/** Of the beginning of a file this much is looked at. */
const headLength = 256;
/** A text cannot be longer. */
const longestHar = 500_000_000;

/** How a log is written, by its beginning. */
export function formatOf(head: string): Format {
  const text = head.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (!text.startsWith('{')) return 'access';
  return /^\{\s*"log"\s*:\s*\{/.test(text) ? 'har' : 'json';
}

/** Reads files one after the other: logs in the order of their first requests, whatever the order of their names. */
export async function readLogs(
  files: readonly string[],
  given: Format | undefined,
  reader: Reader,
): Promise<ReadFile[]> {
  const ordered = files.length === 1 || files.includes('-') ? files : await byTime(files, given);
  const read: ReadFile[] = [];
  for (const file of ordered) read.push(await readLog(file, given, reader));
  return read;
}

async function byTime(files: readonly string[], given: Format | undefined): Promise<string[]> {
  const times = new Map<string, number>();
  for (const file of files) {
    const found = { at: Number.POSITIVE_INFINITY };
    const onHit = ({ startedAt }: Hit): undefined => {
      found.at = Math.min(found.at, startedAt);
    };
    await readLog(file, given, { onHit, onHar: () => {} }, 1);
    times.set(file, found.at);
  }
  return [...files].sort((one, other) => (times.get(one) ?? 0) - (times.get(other) ?? 0) || 0);
}

/** Reads one file, or the first `most` chunks of it. */
async function readLog(
  file: string,
  given: Format | undefined,
  reader: Reader,
  most = Number.POSITIVE_INFINITY,
): Promise<ReadFile> {
  let read: ReadFile | undefined;
  let sink: Sink | undefined;
  let head = '';
  const begin = (): Sink => {
    const format = given ?? formatOf(head);
    read = { file, format, lines: 0, skipped: 0, firstBad: undefined, fields: '', broken: undefined };
    sink = format === 'har' ? harSink(read, reader) : lineSink(read, reader);
    sink.push(head.replace(/^\u00ef\u00bb\u00bf/, ''));
    return sink;
  };
  try {
    let chunks = 0;
    for await (const chunk of chunksOf(file)) {
      if (sink !== undefined) sink.push(chunk);
      else {
        head += chunk;
        if (head.length >= headLength) begin();
      }
      if (++chunks >= most) break;
    }
  } catch (thrown) {
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    if (!code.startsWith('Z_')) throw new UsageError(`${file} cannot be read: ${message}`, { cause: thrown });
    (sink ?? begin()).end();
    return { ...((read as ReadFile | undefined) ?? fail(file)), broken: message };
  }
  (sink ?? begin()).end();
  return read ?? fail(file);
}

function fail(file: string): never {
  throw new Error(`${file} was not begun`);
}

/** Takes the text of one file. */
interface Sink {
  push(chunk: string): void;
  end(): void;
}

function lineSink(read: ReadFile, reader: Reader): Sink {
  const json = read.format === 'json' ? new JsonLines() : undefined;
  const parse: LineReader = json === undefined ? accessLines() : (line) => json.read(line);
  let number = 0;
  const cutter = new LineCutter((line) => {
    number++;
    if (line === '') return;
    read.lines++;
    const hit: Line = parse(line);
    const reason = typeof hit === 'string' ? hit : reader.onHit(hit);
    if (reason === undefined) return;
    read.skipped++;
    read.firstBad ??= { number, text: Buffer.from(line.slice(0, 400), 'latin1').toString(), reason };
  });
  return {
    push: (chunk) => cutter.push(chunk),
    end: () => {
      cutter.end();
      read.fields = json?.describe() ?? '';
    },
  };
}

function harSink(read: ReadFile, reader: Reader): Sink {
  const parts: Buffer[] = [];
  let length = 0;
  return {
    push: (chunk) => {
      length += chunk.length;
      if (length > longestHar)
        throw new UsageError(`${read.file} is larger than ${longestHar / 1e6} MB; record less at once`);
      parts.push(Buffer.from(chunk, 'latin1'));
    },
    end: () => reader.onHar(Buffer.concat(parts).toString(), read.file),
  };
}
