import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options, PackageDefinition } from '@grpc/proto-loader';
import { UsageError } from '../errors.ts';
import { protoLoader } from './library.ts';

/** A `.proto` file: a path, or an address as `new URL('text.proto', import.meta.url)` makes it. */
export type ProtoFile = string | URL;

/** How messages become objects; see @grpc/proto-loader. */
export type ProtoOptions = Readonly<Omit<Options, 'includeDirs'>>;

/** What the files of one class are loaded with. */
export interface ProtoSource {
  readonly files: readonly ProtoFile[];
  readonly includeDirs: readonly ProtoFile[];
  readonly options: ProtoOptions;
  /** Where relative paths are looked for, the first one first. */
  readonly folders: readonly string[];
  /** Whose it is, for errors. */
  readonly className: string;
}

/** Objects as in protobuf's own JSON: camelCase, unset fields with their defaults, no number that is not exact. */
const usual: ProtoOptions = { longs: String, enums: String, defaults: true, oneofs: true };

/** Files are parsed once a thread, however many classes have them. */
const loaded = new Map<string, PackageDefinition>();

/** All that the files define. Errors name the file, its line, and what to do, in one line. */
export function loadProto(source: ProtoSource): PackageDefinition {
  const { files, options, className } = source;
  const paths = files.map((file) => find(file, `${className}.proto`, source));
  const includeDirs = source.includeDirs.map((folder) => find(folder, `${className}.includeDirs`, source));
  const all: Options = { ...usual, ...options, ...(includeDirs.length > 0 ? { includeDirs } : {}) };
  const key = JSON.stringify([paths, all], (_, value) => (typeof value === 'function' ? value.name : value));
  let definition = loaded.get(key);
  if (definition === undefined) {
    try {
      definition = protoLoader().loadSync(paths, all);
    } catch (thrown) {
      throw asUsageError(thrown as NodeJS.ErrnoException, className, paths);
    }
    loaded.set(key, definition);
  }
  return definition;
}

/** The first place where it is. */
function find(file: ProtoFile, what: string, { folders }: ProtoSource): string {
  if (!(file instanceof URL) && typeof file !== 'string') {
    throw new UsageError(`${what} is ${String(file)}; the path of a .proto file is expected`);
  }
  const path = file instanceof URL || file.startsWith('file:') ? fileURLToPath(file) : file;
  const places = isAbsolute(path) ? [path] : [...new Set(folders.map((folder) => resolve(folder, path)))];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new UsageError(`${what}: ${places.map(shown).join(' and ')} ${places.length > 1 ? 'do' : 'does'} not exist`);
}

function asUsageError(thrown: NodeJS.ErrnoException, className: string, paths: readonly string[]): UsageError {
  const { code, path, message } = thrown;
  const files = paths.map(shown).join(', ');
  if (code === 'ENOENT' && path !== undefined && !paths.includes(path)) {
    const hint = `say where its imports begin with static includeDirs = ['protos']`;
    return new UsageError(`${className}.proto: ${files} imports ${shown(path)}, which does not exist; ${hint}`);
  }
  // `illegal token ';' (/protos/text.proto, line 3)`
  const [, reason, file, line] = /^(.*) \((.*), line (\d+)\)$/s.exec(message) ?? [];
  const text = file === undefined ? `${files}: ${message}` : `${shown(file)}:${line}: ${reason}`;
  return new UsageError(`${className}.proto: ${text.replaceAll('\n', ' ')}`, { cause: thrown });
}

/** A path as the person would type it. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
