import { count, measure, percent, plain, space } from '../report/html/format.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { type Column, figure, tableMarkup } from '../report/html/table.ts';
import type { CsvRow } from './csv-list.ts';
import { type DistributionData, rowsOf } from './distribution.ts';
import { chartOf } from './page-chart.ts';
import { pageOf, shownMoment } from './page-frame.ts';
import type { ListHead } from './payload-files.ts';
import type { HarvestResult } from './result.ts';

interface Named {
  readonly name: string;
  readonly data: DistributionData;
}

/** A harvest as one HTML page: conclusion, charts, percentiles, frequencies, the first rows of the lists. */
export function harvestPage(result: HarvestResult, lists: readonly ListHead[]): string {
  const times: readonly Named[] = [
    { name: 'Response times', data: result.responseTimes },
    { name: 'Execution times', data: result.executionTimes },
  ];
  const seen = times.filter(({ data }) => data.count > 0);
  const charts = seen.map(({ name, data }) => chartOf(name, result.binMilliseconds, [{ label: 'Payloads', data }]));
  const frequencies = seen.map(({ name, data }) => frequencyTable(name, data, result.binMilliseconds));
  const body = [
    html`<section aria-labelledby="statistics"><h2 id="statistics">Statistics</h2>
${percentileTable(seen)}${frequencies}</section>
`,
    html`<section aria-labelledby="payloads"><h2 id="payloads">Payloads without an echo, or with a late one</h2>
${lists.map((list) => listMarkup(list, result))}</section>
`,
  ];
  return pageOf({ title: `Harvest of ${result.run}`, head: headMarkup(result), charts, body });
}

/** The harvest in a sentence, as plain text. */
export function conclusionOf({ devices, payloads, responseTimes, executionTimes, windowBy }: HarvestResult): string {
  const answered = `95% of ${count(executionTimes.count)} answers took the application up to ${plain(executionTimes.p95)}${space}ms`;
  if (windowBy === 'arrival') return `${answered}.`;
  const { published, received, late, lost } = payloads;
  const sent = `${count(devices)} ${devices === 1 ? 'device' : 'devices'} published ${count(published)} payloads`;
  const back = `${percent(received / published)} came back in time, ${count(late)} late, ${count(lost)} never`;
  const within = received === 0 ? '' : `; 95% of those in time within ${plain(responseTimes.p95)}${space}ms`;
  return `${sent}; ${back}${within}.`;
}

function headMarkup(result: HarvestResult): Markup {
  const { payloads, responseTimes, executionTimes, remarks, lines } = result;
  const figures: readonly (readonly [string, string, string])[] = [
    ['Published', count(payloads.published), 'payloads'],
    [
      'Received',
      count(payloads.received),
      payloads.published > 0 ? percent(payloads.received / payloads.published) : '',
    ],
    ['Late', count(payloads.late), ''],
    ['Never received', count(payloads.lost), ''],
    ['Never answered', payloads.unanswered === null ? '–' : count(payloads.unanswered), ''],
    ['Response p95', plain(responseTimes.p95), 'ms'],
    ['Execution p95', plain(executionTimes.p95), 'ms'],
  ];
  const facts: readonly (readonly [string, string])[] = [
    ['From', shownMoment(result.window.start)],
    ['Up to', shownMoment(result.window.end)],
    ['Window by', result.windowBy === 'publishing' ? 'time of publishing' : 'time of arrival at the application'],
    ['Devices', count(result.devices)],
    ['Bucket', `${plain(result.binMilliseconds)} ms, rounded up`],
    ['Timeouts', count(payloads.timedOut)],
    ['Dropped on purpose', count(payloads.dropped)],
    ['Lines', `${count(lines.told)} of payloads, ${count(lines.others)} others, ${count(lines.torn)} torn`],
  ];
  return html`<div class="verdict open">
<p class="mark">Payloads and their echoes</p>
<p class="conclusion">${conclusionOf(result)}</p>
</div>
${remarksMarkup(remarks)}
<dl class="figures">${figures.map(([name, value, unit]) => html`<div><dt>${name}</dt><dd>${value} <small>${unit}</small></dd></div>`)}</dl>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
`;
}

function remarksMarkup(remarks: readonly string[]): Markup | null {
  if (remarks.length === 0) return null;
  return html`<section class="remarks" aria-labelledby="remarks"><h2 id="remarks">What may have spoilt the figures</h2>
<ul>${remarks.map((remark) => html`<li>${remark}</li>`)}</ul></section>`;
}

function percentileTable(rows: readonly Named[]): Markup {
  const number = (title: string, of: (data: DistributionData) => number, format = plain): Column<Named> => ({
    title,
    kind: 'number',
    cell: ({ data }) => figure(of(data), format),
  });
  const columns: readonly Column<Named>[] = [
    { title: 'Time', kind: 'name', cell: ({ name }) => ({ text: name }) },
    number('Count', (data) => data.count, count),
    number('Mean', (data) => data.mean, measure),
    number('Min', (data) => data.min),
    number('p50', (data) => data.p50),
    number('p90', (data) => data.p90),
    number('p95', (data) => data.p95),
    number('p99', (data) => data.p99),
    number('Max', (data) => data.max),
  ];
  return tableMarkup({ id: 'percentiles', caption: 'Percentiles', note: 'Times in ms.', columns, rows });
}

function frequencyTable(name: string, data: DistributionData, bin: number): Markup {
  type Row = readonly [upTo: number, amount: number];
  const columns: readonly Column<Row>[] = [
    { title: 'Up to (ms)', kind: 'number', cell: ([upTo]) => figure(upTo, plain) },
    { title: 'Payloads', kind: 'number', cell: ([, amount]) => figure(amount, count) },
    { title: 'Share', kind: 'number', cell: ([, amount]) => figure(amount / data.count, percent) },
  ];
  const id = `${name.toLowerCase().replace(' ', '-')}-frequency`;
  const note = `Buckets of ${plain(bin)} ms, rounded up.`;
  return tableMarkup({ id, caption: `${name}: frequency`, note, columns, rows: rowsOf(data, bin) });
}

const captions: Readonly<Record<string, string>> = {
  'lost.csv': 'Sent and never received',
  'unanswered.csv': 'Never answered by the application',
  'late.csv': 'Received late',
};

function listMarkup({ file, columns, rows, count: amount }: ListHead, { payloads }: HarvestResult): Markup {
  const caption = captions[file] ?? file;
  const isUnknown = file === 'unanswered.csv' && payloads.unanswered === null;
  const none = isUnknown ? 'Not known without a log of the application.' : 'None.';
  if (amount === 0) return html`<div class="table"><h3>${caption}</h3><p class="note">${none}</p></div>`;
  const cells = columns.map(
    (title, at): Column<CsvRow> => ({
      title,
      kind: at === 0 ? 'name' : typeof rows[0]?.[at] === 'number' ? 'number' : 'text',
      cell: (row) => ({ text: String(row[at] ?? '') }),
    }),
  );
  const note =
    amount > rows.length
      ? `The first ${count(rows.length)} of ${count(amount)}; all are in ${file}.`
      : `All are in ${file}, too.`;
  return tableMarkup({ id: file.replace('.csv', '-payloads'), caption, note, columns: cells, rows });
}
