// Runs a study with a driver that is made up, in a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Driver } from '../../src/study/driver.ts';
import { Journal } from '../../src/study/journal.ts';
import type { Mark } from '../../src/study/mark.ts';
import { planOf } from '../../src/study/plan.ts';
import type { StudySettings } from '../../src/study/settings.ts';
import { Study } from '../../src/study/study.ts';
import { subjectOf } from '../../src/study/subject.ts';
import { second } from './made-driver.ts';

export function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-study-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Outcome {
  readonly marks: readonly Mark[];
  readonly troubles: readonly string[];
}

export async function run(
  driver: Driver,
  settings: StudySettings,
  folder: string,
  {
    resume = false,
    ending = new AbortController(),
    onMark = (_: Mark): void => {},
    onPhase = (_: string): void => {},
  } = {},
): Promise<Outcome> {
  const journal = Journal.open(folder, subjectOf(settings), { resume, force: false });
  journal.begin();
  const troubles: string[] = [];
  const listener = {
    onPhase,
    onMark: (_: unknown, mark: Mark) => onMark(mark),
    onTrouble: (text: string) => troubles.push(text),
  };
  await new Study(settings, driver, journal, listener, ending.signal, second).run(planOf(settings));
  return { marks: journal.marks.map(({ mark }) => mark), troubles };
}

export const texts = (mark: Mark | undefined): string => mark?.disturbances.map(({ text }) => text).join() ?? 'no mark';
