import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import type { Reading } from './driver.ts';
import type { Mark } from './mark.ts';
import { differenceOf, type Subject } from './subject.ts';

const marksFile = 'marks.jsonl';
const samplesFile = 'samples.jsonl';
const subjectFile = 'subject.json';

export interface JournalMode {
  readonly resume: boolean;
  readonly force: boolean;
}

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
  readonly #subject: Subject;
  readonly #marks: KeptMark[];
  readonly #isResumed: boolean;

  private constructor(folder: string, subject: Subject, isResumed: boolean) {
    this.folder = folder;
    this.#subject = subject;
    this.#isResumed = isResumed;
    this.#marks = isResumed ? linesOf<KeptMark>(join(folder, marksFile)) : [];
  }

  /**
   * Reads the folder and changes nothing in it. `resume`: goes on with the study that is there, a `UsageError` if that is
   * one of something else; otherwise a folder with a study in it is a `UsageError`, unless by `force`.
   */
  static open(folder: string, subject: Subject, { resume, force }: JournalMode): Journal {
    const path = join(folder, marksFile);
    const isThere = existsSync(path) && statSync(path).size > 0;
    if (isThere && !resume && !force) {
      throw new UsageError(
        `${folder} holds a study already: --resume goes on with it, --force begins anew, -o takes another folder`,
      );
    }
    const before = isThere && resume ? subjectIn(folder) : undefined;
    const difference = before === undefined ? undefined : differenceOf(before, subject);
    if (difference !== undefined) {
      throw new UsageError(`the study in ${folder} was ${difference}; --force begins anew, -o takes another folder`);
    }
    const variants = { ...before?.variants, ...subject.variants };
    return new Journal(folder, { ...subject, variants }, isThere && resume);
  }

  /** Makes the files ready to be written: here an old study is forgotten that is not gone on with. */
  begin(): void {
    try {
      mkdirSync(this.folder, { recursive: true });
      for (const name of [marksFile, samplesFile]) {
        const file = join(this.folder, name);
        if (this.#isResumed && existsSync(file)) mend(file);
        else writeFileSync(file, '');
      }
      writeFileSync(join(this.folder, subjectFile), `${JSON.stringify(this.#subject, undefined, 2)}\n`);
    } catch (thrown) {
      throw new UsageError(`${this.folder} cannot be written: ${(thrown as Error).message}`);
    }
  }

  /** All so far, those of earlier runs first. */
  get marks(): readonly KeptMark[] {
    return this.#marks;
  }

  /** The raw samples of all runs. */
  get samples(): readonly Sample[] {
    const path = join(this.folder, samplesFile);
    return existsSync(path) ? linesOf<Sample>(path) : [];
  }

  keepMark(kept: KeptMark): void {
    this.#marks.push(kept);
    appendFileSync(join(this.folder, marksFile), `${JSON.stringify(kept)}\n`);
  }

  keepSample(sample: Sample): void {
    appendFileSync(join(this.folder, samplesFile), `${JSON.stringify(sample)}\n`);
  }
}

/** undefined: an older katydid did not write it. */
function subjectIn(folder: string): Subject | undefined {
  const file = join(folder, subjectFile);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Subject;
  } catch (thrown) {
    throw new UsageError(`${file} cannot be read: ${(thrown as Error).message}`);
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
