import { createReadStream, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../errors.ts';

/** Where lines come from: a file, standard input, `kubectl logs`. */
export interface LogSource {
  /** For people. */
  readonly name: string;
  /** Its bytes, still packed if they are. Throws a `UsageError` if it cannot be read. */
  bytes(): AsyncIterable<Buffer>;
}

const chunkSize = 256 * 1024;
/** The first bytes of what is packed in a way that is not unpacked here. */
const otherPackings: readonly (readonly [start: string, program: string])[] = [
  ['28b52ffd', 'zstd'],
  ['fd377a58', 'xz'],
  ['425a68', 'bzip2'],
  ['504b0304', 'zip'],
];

/**
 * The files that words name: files, all files of folders and of the folders in them, `-` for `stdin`. A file that is
 * named twice, or by links, is read once.
 */
export function logSources(words: readonly string[], stdin: Readable): LogSource[] {
  const seen = new Set<string>();
  return words.flatMap((word) => {
    if (word === '-') return seen.size === seen.add('-').size ? [] : [stdinSource(stdin)];
    return filesOf(word).flatMap((file) => (seen.size === seen.add(realpathSync(file)).size ? [] : [fileSource(file)]));
  });
}

/** Whatever is piped into this program. */
export function stdinSource(stdin: Readable): LogSource {
  return { name: 'standard input', bytes: () => stdin };
}

function fileSource(file: string): LogSource {
  return {
    name: file,
    async *bytes() {
      try {
        yield* createReadStream(file, { highWaterMark: chunkSize }) as AsyncIterable<Buffer>;
      } catch (thrown) {
        throw unreadable(file, thrown);
      }
    },
  };
}

function filesOf(word: string): string[] {
  try {
    if (!statSync(word).isDirectory()) return [word];
    const entries = readdirSync(word, { recursive: true, withFileTypes: true });
    // `path`: Node 20 has no `parentPath` in its older releases.
    const paths = entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    const files = paths.filter((path) => isFile(path)).sort();
    if (files.length > 0) return files;
  } catch (thrown) {
    throw unreadable(word, thrown);
  }
  throw new UsageError(`the folder ${word} holds no file`);
}

/** Kubernetes has links to its logs; one that leads nowhere is none of ours. */
function isFile(path: string): boolean {
  if (lstatSync(path).isSymbolicLink()) return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return lstatSync(path).isFile();
}

function unreadable(what: string, thrown: unknown): UsageError {
  return new UsageError(`${what} cannot be read: ${(thrown as Error).message}`, { cause: thrown });
}

/** The bytes as they were before they were packed with gzip, whatever the file is called. */
export async function* unpacked({ name, bytes }: LogSource): AsyncGenerator<Buffer> {
  const chunks = bytes()[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const start = first.value.subarray(0, 4).toString('hex');
  const packing = otherPackings.find(([other]) => start.startsWith(other));
  if (packing)
    throw new UsageError(`${name} is packed with ${packing[1]}; unpack it first (gzip would be read as it is)`);
  const whole = joined(first.value, chunks);
  if (!start.startsWith('1f8b')) yield* whole;
  // An error of any part is thrown where the end is read.
  else yield* pipeline(Readable.from(whole), createGunzip({ chunkSize }), () => {}) as AsyncIterable<Buffer>;
}

async function* joined(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
