import { count } from '../report/html/format.ts';
import type { LineCounts } from './reading.ts';
import type { PayloadCounts } from './result.ts';
import type { Known } from './tally.ts';

/** What may have spoilt the figures, in sentences. */
export function remarksOf(
  { hasPublishing, hasApplication }: Known,
  { strays, repeated }: PayloadCounts,
  receivedUnanswered: number,
  lines: LineCounts & { readonly repeated: number },
  broken: readonly string[],
): string[] {
  const remarks: readonly (readonly [isSo: boolean, text: string])[] = [
    [!hasPublishing, 'No log of a worker was read: execution times only, of payloads that arrived in the window.'],
    [
      !hasApplication,
      'No log of the application was read: there are no execution times, and what was never answered is not known.',
    ],
    [
      receivedUnanswered > 0,
      `Payloads that came back though no log says that they were answered: ${count(receivedUnanswered)}; is a log of the application missing?`,
    ],
    [
      strays > 0,
      `Lines in the window of payloads that no log says were published: ${count(strays)}; is a log of a worker missing?`,
    ],
    [repeated > 0, `Second answers and receipts of one payload: ${count(repeated)}; only the first counts.`],
    [lines.repeated > 0, `Lines that are there more than once: ${count(lines.repeated)}; each counts once.`],
    [lines.torn > 0, `Lines of payloads that are torn or malformed: ${count(lines.torn)}; they do not count.`],
  ];
  return [...remarks.filter(([isSo]) => isSo).map(([, text]) => text), ...broken.map((text) => `${text}.`)];
}
