// What went wrong: thresholds that were passed over, failures of requests, exceptions of user code.
import type { ErrorSnapshot } from '../../stats/snapshot.ts';
import type { ExceptionRow, Run, ThresholdResult } from '../run.ts';
import { sorted } from './figures.ts';
import { count, iso, moment } from './format.ts';
import { html, type Markup } from './markup.ts';
import { type Cell, type Column, figure, tableMarkup } from './table.ts';

const thresholdColumns: readonly Column<ThresholdResult>[] = [
  {
    title: 'Result',
    kind: 'text',
    cell: ({ isOk }) => (isOk ? { text: '✓ passed', kind: 'good' } : { text: '✗ failed', kind: 'bad' }),
  },
  { title: 'Fails if', kind: 'name', cell: ({ expression }) => ({ text: html`<code>${expression}</code>` }) },
  {
    title: 'Measured',
    kind: 'number',
    cell: ({ actual }) => (actual === null ? { text: '–' } : figure(actual, exact)),
  },
  { title: 'In words', kind: 'text', cell: ({ text }) => ({ text }) },
];

/** Each threshold and what became of it; nothing if none was set. */
export function thresholdTable({ thresholds }: Run): Markup | null {
  if (thresholds.length === 0) return null;
  const note = 'Times in ms, rates per second, ratios as parts of 1.';
  return tableMarkup({ id: 'thresholds', caption: 'Thresholds', note, columns: thresholdColumns, rows: thresholds });
}

const failureColumns: readonly Column<ErrorSnapshot>[] = [
  { title: 'Method', kind: 'text', cell: ({ method }) => ({ text: method }) },
  { title: 'Name', kind: 'name', cell: ({ name }) => ({ text: name }) },
  { title: 'Message', kind: 'text', cell: ({ error }) => ({ text: html`<span class="message">${error}</span>` }) },
  { title: 'Occurrences', kind: 'number', cell: ({ occurrences }) => figure(occurrences, count) },
  { title: 'First seen (UTC)', kind: 'number', cell: ({ firstSeen }) => seen(firstSeen) },
  { title: 'Last seen (UTC)', kind: 'number', cell: ({ lastSeen }) => seen(lastSeen) },
];

/** Failed requests by name and message. */
export function failureTable({ stats: { errors } }: Run): Markup {
  if (errors.length === 0) return none('failures', 'Failures', 'No request failed.');
  return tableMarkup({ id: 'failures', caption: 'Failures', columns: failureColumns, rows: sorted(errors) });
}

const exceptionColumns: readonly Column<ExceptionRow>[] = [
  { title: 'Count', kind: 'number', cell: ({ count: times }) => figure(times, count) },
  { title: 'Message', kind: 'name', cell: ({ message }) => ({ text: html`<span class="message">${message}</span>` }) },
  { title: 'Traceback', kind: 'text', cell: ({ traceback }) => ({ text: folded(traceback) }) },
  { title: 'Nodes', kind: 'text', cell: ({ nodes }) => ({ text: nodes.join(', ') }) },
];

/** What user code threw. */
export function exceptionTable({ exceptions }: Run): Markup {
  if (exceptions.length === 0) return none('exceptions', 'Exceptions', 'User code threw nothing.');
  const rows = [...exceptions].sort((a, b) => b.count - a.count);
  return tableMarkup({ id: 'exceptions', caption: 'Exceptions', columns: exceptionColumns, rows });
}

/** Ratios and rates in one column: four figures. */
function exact(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}

function folded(traceback: string): Markup {
  return html`<details><summary>Show</summary><pre>${traceback}</pre></details>`;
}

function seen(time: number | null): Cell {
  if (time === null) return { text: '–', value: 0 };
  return { text: html`<time datetime="${iso(time)}">${moment(time)}</time>`, value: time };
}

function none(id: string, caption: string, text: string): Markup {
  return html`<div class="table" id="${id}"><h3>${caption}</h3><p class="note">${text}</p></div>
`;
}
