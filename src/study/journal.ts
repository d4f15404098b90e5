import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import type { Reading } from './driver.ts';
import type { Mark } from './mark.ts';

const marksFile = 'marks.jsonl';
const samplesFile = 'samples.jsonl';

/** A mark as it is kept, with what it was planned as. */
export interface KeptMark {
  readonly key: string;
  readonly mark: Mark;
}

/** One second of a mark. */
export interface Sample extends Reading {
  readonly key: string;
  readonly attempt: number;
  /** Whether it was measured, or still ramping and settling. */
  readonly isMeasured: boolean;
}

/** The folder of a study: marks and raw samples as JSON lines, each written at once, so that nothing measured is lost. */
export class Journal {
  readonly folder: string;
  readonly #marks: KeptMark[];

  private constructor(folder: string, marks: KeptMark[]) {
    this.folder = folder;
    this.#marks = marks;
  }

  /** `resume`: goes on with what is there; otherwise a folder with a study in it is a `UsageError`, unless by `force`. */
  static open(folder: string, { resume, force }: { readonly resume: boolean; readonly force: boolean }): Journal {
    const path = join(folder, marksFile);
    const isThere = existsSync(path) && statSync(path).size > 0;
    if (isThere && !resume && !force) {
      throw new UsageError(
        `${folder} holds a study already: --resume goes on with it, --force begins anew, -o takes another folder`,
      );
    }
    try {
      mkdirSync(folder, { recursive: true });
      for (const name of [marksFile, samplesFile]) {
        const file = join(folder, name);
        if (isThere && resume && existsSync(file)) mend(file);
        else writeFileSync(file, '');
      }
    } catch (thrown) {
      throw new UsageError(`${folder} cannot be written: ${(thrown as Error).message}`);
    }
    return new Journal(folder, isThere && resume ? linesOf<KeptMark>(path) : []);
  }

  /** All so far, those of earlier runs first. */
  get marks(): readonly KeptMark[] {
    return this.#marks;
  }

  /** The raw samples of all runs. */
  get samples(): readonly Sample[] {
    return linesOf<Sample>(join(this.folder, samplesFile));
  }

  keepMark(kept: KeptMark): void {
    this.#marks.push(kept);
    appendFileSync(join(this.folder, marksFile), `${JSON.stringify(kept)}\n`);
  }

  keepSample(sample: Sample): void {
    appendFileSync(join(this.folder, samplesFile), `${JSON.stringify(sample)}\n`);
  }
}

/** After a line that was cut off, the next one must not stand in the same line. */
function mend(path: string): void {
  const text = readFileSync(path, 'utf8');
  if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
}

/** A line that was cut off by a sudden end is left out. */
function linesOf<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as T];
      } catch {
        return [];
      }
    });
}
