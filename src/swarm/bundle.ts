import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, extname, isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, Loader, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { UsageError } from '../errors.ts';

/** User files as one module that any thread can evaluate. */
export interface Bundle {
  /** ES module source; it exports one namespace for each file: `file0`, `file1` … */
  readonly code: string;
  /** Its source map, JSON, with absolute paths. */
  readonly map: string;
  /** The name by which frames of this code show in stacks. */
  readonly name: string;
  /** Of the code: the same files give the same hash on every worker. */
  readonly hash: string;
  /** Where the user files lie, for what they name beside them. */
  readonly folders: readonly string[];
}

/** The name of the module that holds the user files together, in the source map. */
export const bundleEntry = 'katydid-entry.mjs';
const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];
const index = new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js', import.meta.url).href;

/** Bundlings that are under way in this process. */
let builds = 0;

/**
 * Bundles user files once, for all threads: TypeScript compiled, relative imports inlined, `katydid` resolved to the
 * running package and every other package from the importing file's own folder. Errors name file, line and reason.
 */
export async function bundleUserFiles(files: readonly string[]): Promise<Bundle> {
  const paths = await Promise.all(files.map(checkFile));
  const { build, stop } = await import('esbuild');
  const entry = paths.map((path, at) => `export * as file${at} from ${JSON.stringify(path)};`).join('\n');
  const first = paths[0] ?? process.cwd();
  const folder = dirname(first);
  builds++;
  const result = await build({
    stdin: { contents: entry, resolveDir: folder, sourcefile: bundleEntry },
    // Paths in the code are relative to it, so that the hash does not depend on where the files lie.
    absWorkingDir: folder,
    bundle: true,
    write: false,
    outfile: resolve(folder, 'katydid-bundle.mjs'),
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
    banner: { js: requireFor(first) },
    plugins: [resolution(), metaOfSource()],
  })
    .catch((thrown: unknown) => {
      throw asUsageError(thrown, folder);
    })
    .finally(() => {
      // The bundler is a process of its own, which would stay for as long as the worker does.
      if (--builds === 0) void stop();
    });
  const [map, code] = ['.map', '.mjs'].map((end) => result.outputFiles.find((file) => file.path.endsWith(end))?.text);
  if (code === undefined || map === undefined) throw new Error('esbuild gave no output');
  const placeless = code.replaceAll(pathToFileURL(folder).href, '').replaceAll(folder, '');
  const hash = createHash('sha256').update(placeless).digest('hex').slice(0, 12);
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  return { code, map: absoluteSources(map, folder), name: `katydid-bundle-${hash}.mjs`, hash, folders };
}

async function checkFile(file: string): Promise<string> {
  const path = resolve(file);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new UsageError(`user file ${file} does not exist`);
  if (!found.isFile()) throw new UsageError(`user file ${file} is no file`);
  if (extensions.includes(extname(path))) return path;
  const hint = extname(path) === '.py' ? '; katydid runs TypeScript users, a Python locustfile is for the master' : '';
  throw new UsageError(
    `user file ${file} ends in '${extname(path)}'; one of ${extensions.join(' ')} is expected${hint}`,
  );
}

/** Gives bundled CommonJS code its `require`. */
function requireFor(path: string): string {
  const from = JSON.stringify(pathToFileURL(path).href);
  return `import { createRequire as __katydidRequire } from 'node:module'; const require = __katydidRequire(${from});`;
}

const required = 'katydid-required';

function resolution(): Plugin {
  return {
    name: 'katydid-resolution',
    setup(build: PluginBuild): void {
      build.onResolve({ filter: /^[^./]/ }, async (args) => resolvePackage(build, args));
      // `require('katydid')` must give the modules that the thread has imported, not a second copy of them.
      build.onLoad({ filter: /./, namespace: required }, () => ({ contents: `export * from 'katydid';` }));
    },
  };
}

/** A package stays outside the bundle, under its absolute address: it is found from the importing file's folder. */
async function resolvePackage(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult | undefined> {
  if (args.kind === 'entry-point' || args.pluginData === 'katydid' || isAbsolute(args.path)) return undefined;
  if (isBuiltin(args.path)) return { path: args.path, external: true };
  if (args.path === 'katydid') {
    return args.kind === 'require-call' ? { path: 'katydid', namespace: required } : { path: index, external: true };
  }
  const { resolveDir, kind, importer } = args;
  const found = await build.resolve(args.path, { resolveDir, kind, importer, pluginData: 'katydid' });
  if (found.errors.length > 0) return { errors: found.errors };
  if (!found.path.includes(`${sep}node_modules${sep}`)) return { path: found.path, namespace: found.namespace };
  return { path: addressOf(found.path, kind), external: true };
}

const addressOf = (path: string, kind: string): string =>
  kind.startsWith('require') ? path : pathToFileURL(path).href;

/** In the bundle `import.meta` would mean the bundle; users mean their source file. */
function metaOfSource(): Plugin {
  return {
    name: 'katydid-import-meta',
    setup(build: PluginBuild): void {
      build.onLoad({ filter: /\.[cm]?[jt]s$/, namespace: 'file' }, async ({ path }) => {
        const contents = await readFile(path, 'utf8');
        if (!contents.includes('import.meta')) return undefined;
        const { transform } = await import('esbuild');
        const define = {
          'import.meta.url': JSON.stringify(pathToFileURL(path).href),
          'import.meta.dirname': JSON.stringify(dirname(path)),
          'import.meta.filename': JSON.stringify(path),
        };
        const loader: Loader = /ts$/.test(path) ? 'ts' : 'js';
        const options = { loader, define, sourcefile: path, sourcemap: 'inline', sourcesContent: false } as const;
        return transform(contents, options).then(
          ({ code }) => ({ contents: code, loader: 'js', resolveDir: dirname(path) }),
          ({ errors }: BuildFailure) => ({ errors }),
        );
      });
    },
  };
}

function absoluteSources(map: string, folder: string): string {
  const parsed = JSON.parse(map) as { sources: string[] };
  return JSON.stringify({ ...parsed, sources: parsed.sources.map((source) => resolve(folder, source)) });
}

function asUsageError(thrown: unknown, folder: string): unknown {
  const { errors } = thrown as Partial<BuildFailure>;
  if (errors === undefined) return thrown;
  const lines = errors.map(({ text, location }) => {
    const place =
      location === null ? '' : `${shown(resolve(folder, location.file))}:${location.line}:${location.column + 1}: `;
    return `${place}${text}${location?.lineText ? `\n    ${location.lineText.trim()}` : ''}`;
  });
  return new UsageError(`the user file does not compile:\n  ${lines.join('\n  ')}`);
}

/** A path as the person would type it. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
