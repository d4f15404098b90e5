import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from './journal.ts';
import { markdownOf } from './markdown.ts';
import { marksCsv } from './marks-csv.ts';
import { resultFile, type StudyResult } from './result.ts';
import { studyPage } from './study-page.ts';

/** Writes page, Markdown, CSV and JSON into the study's folder; the answer is the page's path. */
export function writeReports(folder: string, result: StudyResult, samples: readonly Sample[]): string {
  const page = join(folder, 'report.html');
  writeFileSync(join(folder, resultFile), `${JSON.stringify(result, undefined, 2)}\n`);
  writeFileSync(join(folder, 'marks.csv'), marksCsv(result.marks));
  writeFileSync(join(folder, 'report.md'), markdownOf(result));
  writeFileSync(page, studyPage(result, samples));
  return page;
}
