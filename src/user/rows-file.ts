import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.ts';

type Parser = typeof import('csv-parse/sync');
const require = createRequire(import.meta.url);

/**
 * The rows of a CSV file by the names of its header. A relative path is looked for in `folders`, then in the working
 * folder.
 */
export function readRows(
  file: string | URL,
  folders: readonly string[],
): { readonly rows: readonly Record<string, string>[]; readonly name: string } {
  const path = find(file, folders);
  const name = shown(path);
  const text = readText(path, name);
  // Loaded by those who feed from a file only.
  const { parse, CsvError } = require('csv-parse/sync') as Parser;
  let header: readonly string[] = [];
  try {
    const rows = parse(text, {
      bom: true,
      skip_empty_lines: true,
      columns: (names: string[]) => {
        header = names.map((each) => each.trim());
        return [...header];
      },
    }) as Record<string, string>[];
    const twice = header.find((each, at) => header.indexOf(each) !== at);
    if (twice === undefined) return { rows, name };
    throw new UsageError(`${name} has two columns '${twice}' in its header; each name is expected once`);
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    throw new UsageError(`${name} is no CSV with a header: ${thrown.message}`);
  }
}

function find(file: string | URL, folders: readonly string[]): string {
  const path = typeof file === 'string' && !file.startsWith('file:') ? file : fileURLToPath(file);
  if (isAbsolute(path)) return path;
  const places = [...new Set([...folders, process.cwd()])].map((folder) => resolve(folder, path));
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new UsageError(`${path} is not there; it was looked for as ${places.join(' and ')}`);
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new UsageError(`${name} cannot be read: ${(thrown as Error).message}`);
  }
}

/** A path as the person would type it. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
