import { existsSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { UsageError } from '../errors.ts';

const endings = ['.ts', '.mts', '.js', '.mjs'];
const usual = endings.map((ending) => `locustfile${ending}`);

/**
 * The user files that `-f` means: a list with commas, a folder's files, and the TypeScript twin of a `.py` name, which
 * charts and operators made for Python hand over.
 */
export function userFiles(given: string | undefined): string[] {
  if (given === undefined) {
    const found = usual.find((name) => existsSync(name));
    if (found !== undefined) return [found];
    throw new UsageError(`no user file: give one with -f users.ts (or put a ${usual[0]} into this folder)`);
  }
  return given.split(',').flatMap((part) => expand(part.trim()));
}

function expand(path: string): string[] {
  if (path === '-')
    throw new UsageError('-f - asks the master for Python code; katydid needs its own user file: -f users.ts');
  if (extname(path) === '.py') {
    const twin = endings.map((ending) => path.replace(/\.py$/, ending)).find((name) => existsSync(name));
    if (twin !== undefined) return [twin];
  }
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) => endings.includes(extname(name)) && !name.endsWith('.d.ts') && !/(^|[/\\])[_.]|node_modules/.test(name),
    )
    .map((name) => join(path, name))
    .sort();
  if (files.length === 0) throw new UsageError(`the folder ${path} holds no user file (${endings.join(' ')})`);
  return files;
}
