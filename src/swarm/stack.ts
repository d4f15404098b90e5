import { fileURLToPath } from 'node:url';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { type Bundle, bundleEntry } from './bundle.ts';

/** Where katydid's own code is, as an address or a path; as source too, for `--enable-source-maps`. */
const own = ['../', '../../src/'].flatMap((folder) => {
  const { href } = new URL(folder, import.meta.url);
  return [href, fileURLToPath(href)];
});

/**
 * Turns stacks of bundled code into stacks of the user's source: `.ts` file and line. Frames of katydid and Node are left
 * out, so that the same error has the same text on every worker: the master groups by it.
 */
export class StackMapper {
  readonly #bundle: Bundle;
  #map: TraceMap | undefined;

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  /** `Name: message` and the user's frames, then those of each `cause`. */
  traceback(error: Error): string {
    return this.#chain(error, []);
  }

  #chain(error: Error, effects: readonly Error[]): string {
    const head = `${error.name}: ${error.message}`;
    const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    const kept = frames
      .filter((line) => !/[( ]node:|\(<anonymous>\)$/.test(line) && !own.some((place) => line.includes(place)))
      .map((line) => this.#frame(line))
      // What the bundler has added has no source.
      .filter((line) => !line.includes(this.#bundle.name) && !line.includes(bundleEntry));
    const { cause } = error;
    const isNew = cause instanceof Error && cause !== error && !effects.includes(cause);
    const told = kept.length > 0 || isNew ? kept : frames;
    return [head, ...told, ...(isNew ? [`Caused by: ${this.#chain(cause, [...effects, error])}`] : [])].join('\n');
  }

  #frame(line: string): string {
    const at = line.indexOf(this.#bundle.name);
    if (at === -1) return line;
    const position = /^:(\d+):(\d+)/.exec(line.slice(at + this.#bundle.name.length));
    if (position === null) return line;
    this.#map ??= new TraceMap(this.#bundle.map);
    const original = originalPositionFor(this.#map, { line: Number(position[1]), column: Number(position[2]) - 1 });
    if (original.source === null) return line;
    const called = /^\s+at (.*) \(/.exec(line)?.[1];
    const place = `${original.source}:${original.line}:${original.column + 1}`;
    return called === undefined ? `    at ${place}` : `    at ${called} (${place})`;
  }
}
