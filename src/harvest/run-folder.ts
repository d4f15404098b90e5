import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { UsageError } from '../errors.ts';

/** Where a run is kept: `runs/night-1` of `night-1`, and of `runs/night-1` as a shell completes it. */
export function runFolderOf(runsFolder: string, given: string): string {
  const start = `${normalize(runsFolder)}${sep}`;
  const path = normalize(given).replace(/[/\\]+$/, '');
  const name = path.startsWith(start) ? path.slice(start.length) : path;
  const isInside = name !== '' && name !== '.' && !isAbsolute(name) && name.split(/[/\\]/)[0] !== '..';
  if (isInside) return join(runsFolder, name);
  throw new UsageError(
    `RUN_DIR is '${given}'; a name such as night-1 is expected, of a folder in ${runsFolder} (--runs-dir)`,
  );
}

/**
 * A folder in the making, beside the one that it becomes: what is interrupted leaves no half-written run, and an earlier
 * one as it was.
 */
export class RunFolder {
  readonly path: string;
  readonly #final: string;

  /** Refuses a folder that holds anything, unless `isForced`. */
  constructor(final: string, isForced: boolean) {
    try {
      if (!isForced && existsSync(final) && readdirSync(final).length > 0) {
        throw new UsageError(`${final} exists; --force overwrites what a harvest has in it, or give another name`);
      }
      mkdirSync(dirname(final), { recursive: true });
      this.path = mkdtempSync(join(dirname(final), '.harvest-'));
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown;
      throw new UsageError(`${final} cannot be written: ${(thrown as Error).message}`, { cause: thrown });
    }
    this.#final = final;
  }

  /** Puts the files where they belong; others of that folder stay, but those that an earlier harvest had and this one has not. */
  finish(absent: readonly string[] = []): void {
    mkdirSync(this.#final, { recursive: true });
    for (const file of absent) rmSync(join(this.#final, file), { force: true });
    for (const file of readdirSync(this.path)) renameSync(join(this.path, file), join(this.#final, file));
    this.discard();
  }

  /** Takes it away, with all that is in it. */
  discard(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
