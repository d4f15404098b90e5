// Duty: `katydid study` from its command line, and what it leaves behind.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { parse } from 'csv-parse/sync';
import type { KeptMark, Sample } from '../../src/study/journal.ts';
import type { StudyResult } from '../../src/study/result.ts';
import { katydidCli } from '../tools/katydid.ts';
import { Child } from './child.ts';
import { until } from './until.ts';

/** Times as short as they may be; a file's own keys come after them. */
const short = 'warm-up: 0s\nsettle: 1s\ndrain: 0s\n';

/** A study with a folder of its own. */
export class StudyCase {
  readonly folder: string;
  readonly #t: TestContext;
  readonly #file: string;

  private constructor(t: TestContext, folder: string) {
    this.#t = t;
    this.folder = join(folder, 'out');
    this.#file = join(folder, 'study.yaml');
  }

  /** `yaml`: its settings but for those of time. The test's end removes all. */
  static async of(t: TestContext, yaml: string): Promise<StudyCase> {
    const folder = await mkdtemp(join(tmpdir(), 'katydid-study-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const study = new StudyCase(t, folder);
    await writeFile(study.#file, `${short}${yaml}\n`);
    return study;
  }

  start(args: readonly string[] = [], env: Record<string, string> = {}): Child {
    const words = [katydidCli, 'study', this.#file, '-o', this.folder, ...args];
    const child = new Child('study', process.execPath, words, env);
    this.#t.after(() => child.end('SIGKILL'));
    return child;
  }

  /** Runs it to its end; how it ended, and what it said. */
  async run(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ended> {
    const child = this.start(args, env);
    return { code: await child.ended, output: child.output };
  }

  async result(): Promise<StudyResult> {
    return JSON.parse(await readFile(join(this.folder, 'study.json'), 'utf8')) as StudyResult;
  }

  /** The journal's marks, all attempts; as long as the study runs too. */
  async marks(): Promise<readonly KeptMark[]> {
    return this.#lines<KeptMark>('marks.jsonl');
  }

  async rows(): Promise<readonly Record<string, string>[]> {
    return parse(await readFile(join(this.folder, 'marks.csv'), 'utf8'), { columns: true });
  }

  /** Waits until it measures a mark with so many users, and some seconds of it are kept. */
  async measures(users: number, running: Child): Promise<void> {
    const isMeasured = ({ isMeasured, key }: Sample): boolean =>
      isMeasured && (JSON.parse(key) as unknown[])[1] === users;
    const look = async (): Promise<boolean> => {
      if (!running.isAlive) throw new Error(running.output);
      return (await this.#lines<Sample>('samples.jsonl')).filter(isMeasured).length >= 3;
    };
    await until(`${users} users are measured`, look, { limit: 60, show: () => running.output });
  }

  async #lines<T>(name: string): Promise<readonly T[]> {
    const text = await readFile(join(this.folder, name), 'utf8').catch(() => '');
    // The last one may still be written.
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as T);
  }
}

export interface Ended {
  readonly code: number | NodeJS.Signals;
  readonly output: string;
}
