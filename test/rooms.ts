// The rooms of src and the arrows between them: who may import whom.
import { posix } from 'node:path';

/** From the ground up; a room imports from lower rows. The files of the ground row are one room. */
const rows: readonly (readonly string[])[] = [
  ['errors', 'events', 'log', 'words'],
  ['stats', 'protocol', 'devices'],
  ['user'],
  ['http', 'grpc', 'mqtt'],
  ['swarm', 'report', 'index'],
  ['runner', 'study', 'harvest', 'targets', 'locustfile', 'recording', 'monitor'],
  ['commands', 'cli'],
];

/** No import, but files that another program of this package starts from: named at run time, by their URL. */
const urls: Readonly<Record<string, string>> = {
  'swarm/bundle.ts': 'index', // the user file's `katydid` is the running package
  'commands/up.ts': 'cli', // master and worker are children of their own
};

const testers = ['http', 'grpc', 'mqtt'];

function mayImport(from: string, to: string): boolean {
  const rowOf = (room: string): number => rows.findIndex((row) => row.includes(room));
  if (from === to || (rowOf(from) === 0 && rowOf(to) === 0)) return true;
  if (to === 'index') return false;
  if (from === 'cli') return to === 'commands' || rowOf(to) === 0;
  if (from === 'report') return to === 'stats' || rowOf(to) === 0;
  if ((from === 'swarm' || from === 'runner') && testers.includes(to)) return false;
  return rowOf(to) < rowOf(from);
}

/** `swarm` of `swarm/pool.ts`, `log` of `log.ts`; empty for src itself. */
function roomOf(path: string): string {
  return (path.split('/')[0] ?? '').replace(/\.[jt]s$/, '');
}

const token = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
/** Finds an import even where a quote in a regular expression has put the tokens out of step. */
const statement = /^(?:import|export|\}).*['"](\.[^'"]+)['"]/gm;

/** Each text outside of comments that is a relative path: imports of all kinds, of types too, and URLs of files. */
function relativePaths(source: string): readonly string[] {
  const tokens = (source.match(token) ?? []).filter((text) => /^['"`]\.\.?(\/|['"`]$)/.test(text));
  const statements = [...source.matchAll(statement)].map((match) => match[1] ?? '');
  return [...new Set([...tokens.map((text) => text.slice(1, -1)), ...statements])];
}

const imported = /\b(?:from|import)\s*\(?\s*['"`](\.[^'"`]+)['"`]/g;

/** The files beside or above `file` in src that `source` imports, in whatever form, types too; a URL is no import. */
export function importsOf(file: string, source: string): readonly string[] {
  const named = new Set([...source.matchAll(imported)].map((match) => match[1]));
  return relativePaths(source)
    .filter((path) => named.has(path))
    .map((path) => posix.join(posix.dirname(file), path));
}

/** What `source`, the file at `file` in src, may not import; empty if all is well. */
export function forbiddenImports(file: string, source: string): readonly string[] {
  const room = roomOf(file);
  const known = rows.flat();
  if (!known.includes(room)) return [`${file} is in no room`];
  const wrong = /^(?:import|export|\}).*['"]katydid['"]|\bimport\(\s*['"`]katydid/m.test(source)
    ? [`${file} → katydid`]
    : [];
  for (const path of relativePaths(source)) {
    const target = posix.join(posix.dirname(file), path);
    const to = roomOf(target);
    // beside src (package.json), and src as a folder
    if (target.startsWith('..') || to === '' || to === '.') continue;
    const isUrl = urls[file] === to && !source.includes(`from '${path}'`);
    if (!isUrl && !(known.includes(to) && mayImport(room, to))) wrong.push(`${file} → ${target}`);
  }
  return wrong;
}
