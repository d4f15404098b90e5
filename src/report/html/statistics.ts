// The two tables of what was requested: Locust's columns, and those that its readers miss.
import { percentileOf } from '../../stats/percentile.ts';
import type { EntrySnapshot } from '../../stats/snapshot.ts';
import type { Run } from '../run.ts';
import { averageOf, averageSizeOf, keyOf, rateOf, sorted, spanOf } from './figures.ts';
import { count, measure, percent, plain } from './format.ts';
import { html, type Markup } from './markup.ts';
import { type Column, figure, tableMarkup } from './table.ts';

const percentiles: readonly (readonly [title: string, part: number])[] = [
  ['50%', 0.5],
  ['60%', 0.6],
  ['70%', 0.7],
  ['80%', 0.8],
  ['90%', 0.9],
  ['95%', 0.95],
  ['99%', 0.99],
  ['99.9%', 0.999],
  ['99.99%', 0.9999],
  ['100%', 1],
];

/** `Aggregated` among them keeps its name, as in all of Locust's tables. */
const type: Column<EntrySnapshot> = { title: 'Type', kind: 'text', cell: ({ method }) => ({ text: method }) };

/** Requests, failures, times, sizes and rates by name. */
export function requestTable({ stats: { entries, total } }: Run): Markup {
  const span = spanOf(total);
  const rows = sorted(entries);
  const numbers = new Map(rows.map((entry, at) => [keyOf(entry), at]));
  const name: Column<EntrySnapshot> = {
    title: 'Name',
    kind: 'name',
    cell: (entry) => {
      // the total is number 0 in the page's choice of names
      const number = entry === total ? 0 : (numbers.get(keyOf(entry)) ?? -1) + 1;
      return { text: html`<a href="#by-name" data-name="${number}">${entry.name}</a>` };
    },
  };
  const columns: readonly Column<EntrySnapshot>[] = [
    type,
    name,
    number('# Requests', (entry) => figure(entry.numRequests, count)),
    number('# Fails', ({ numFailures }) => figure(numFailures, count, numFailures > 0 ? 'bad' : undefined)),
    number('Average', (entry) => figure(averageOf(entry), measure)),
    number('Min', (entry) => figure(entry.minResponseTime ?? 0, measure)),
    number('Max', (entry) => figure(entry.maxResponseTime, measure)),
    number('Average size', (entry) => figure(averageSizeOf(entry), count)),
    number('RPS', (entry) => figure(rateOf(entry.numRequests, span), measure)),
    number('Failures/s', (entry) => figure(rateOf(entry.numFailures, span), measure)),
    number('p50', (entry) => figure(percentileOf(entry, 0.5), plain)),
    number('p95', (entry) => figure(percentileOf(entry, 0.95), plain)),
    number('p99', (entry) => figure(percentileOf(entry, 0.99), plain)),
    number('Share', (entry) => figure(total.numRequests > 0 ? entry.numRequests / total.numRequests : 0, percent)),
  ];
  const note = 'Times in ms, sizes in bytes, rates over the whole run. A name leads to its charts.';
  return tableMarkup({ id: 'request-statistics', caption: 'Request statistics', note, columns, rows, total });
}

/** Percentiles by name. */
export function percentileTable({ stats: { entries, total } }: Run): Markup {
  const columns: readonly Column<EntrySnapshot>[] = [
    type,
    { title: 'Name', kind: 'name', cell: (entry) => ({ text: entry.name }) },
    ...percentiles.map(([title, part]) => number(title, (entry) => figure(percentileOf(entry, part), plain))),
  ];
  const note = 'In ms: so many percent of the requests were answered within this time.';
  const rows = sorted(entries);
  return tableMarkup({ id: 'response-times', caption: 'Response-time statistics', note, columns, rows, total });
}

function number(title: string, cell: Column<EntrySnapshot>['cell']): Column<EntrySnapshot> {
  return { title, kind: 'number', cell };
}
