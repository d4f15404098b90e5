// The top of the report: the conclusion first, then what was run, where and when.
import { percentileOf } from '../../stats/percentile.ts';
import { type EntrySnapshot, responseEnd } from '../../stats/snapshot.ts';
import { totalOf } from '../../stats/sum.ts';
import type { Run } from '../run.ts';
import { failRatioOf, rateOf } from './figures.ts';
import { count, duration, iso, measure, moment, percent, plain, space } from './format.ts';
import { html, type Markup } from './markup.ts';

/** What the page is called. */
export function titleOf(run: Run): string {
  const subject = run.host || run.userFiles.join(', ');
  return subject === '' ? 'Load test' : `Load test of ${subject}`;
}

/** Verdict, conclusion, remarks, facts. */
export function headMarkup(run: Run): Markup {
  return html`<div class="verdict ${verdictOf(run).kind}">
<p class="mark">${verdictOf(run).text}</p>
<p class="conclusion">${conclusionOf(run)}</p>
${thresholdsMarkup(run)}</div>
${remarksMarkup(run.remarks)}
${figuresMarkup(run)}
<dl class="facts">${factsOf(run).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
`;
}

/** The run in a sentence, as plain text. */
export function conclusionOf({ stats: { total, entries }, startTime, endTime }: Run): string {
  const lasted = duration(Math.max(0, endTime - startTime));
  if (total.numRequests === 0) return `No request ended in ${lasted}.`;
  const requests = `${count(total.numRequests)} ${total.numRequests === 1 ? 'request' : 'requests'}`;
  const rate = `${measure(rateOf(total.numRequests, endTime - startTime))} a second`;
  const failed = total.numFailures === 0 ? 'none failed' : `${percent(failRatioOf(total))} failed`;
  const within = `95% were answered within ${plain(percentileOf(total, 0.95))}${space}ms`;
  const timed = total.numRequests > total.numNoneRequests;
  return `${requests} in ${lasted}, ${rate}; ${failed}${timed ? `; ${within}` : ''}${plannedOf(entries)}.`;
}

/** Of scheduled arrivals the time from when they were planned: the one that a stall shows in. */
function plannedOf(entries: readonly EntrySnapshot[]): string {
  const planned = entries.filter(({ name }) => name.endsWith(responseEnd));
  if (planned.length === 0) return '';
  const p95 = percentileOf(totalOf(planned, 0), 0.95);
  return `, and of the planned ones 95% within ${plain(p95)}${space}ms from when they were due`;
}

function verdictOf({ thresholds, stats: { total } }: Run): { readonly kind: string; readonly text: string } {
  if (thresholds.some(({ isOk }) => !isOk)) return { kind: 'failed', text: '✗ Failed' };
  if (thresholds.length > 0) return { kind: 'passed', text: '✓ Passed' };
  return { kind: 'open', text: total.numFailures > 0 ? 'Some requests failed' : 'No thresholds were set' };
}

function thresholdsMarkup({ thresholds }: Run): Markup | null {
  if (thresholds.length === 0) return null;
  const failed = thresholds.filter(({ isOk }) => !isOk);
  const kept = thresholds.length - failed.length;
  const words = thresholds.length === 1 ? 'threshold' : 'thresholds';
  if (failed.length === 0) return html`<p>${kept} of ${thresholds.length} ${words} passed.</p>`;
  const items = failed.map(({ text }) => html`<li>${text}</li>`);
  return html`<p>${kept} of ${thresholds.length} ${words} passed; failed:</p><ul>${items}</ul>`;
}

/** Before any figure: these say whether the figures can be believed. */
function remarksMarkup(remarks: readonly string[]): Markup | null {
  if (remarks.length === 0) return null;
  return html`<section class="remarks" aria-labelledby="remarks"><h2 id="remarks">What may have spoilt the figures</h2>
<ul>${remarks.map((remark) => html`<li>${remark}</li>`)}</ul></section>`;
}

function figuresMarkup({ stats: { total }, samples, startTime, endTime }: Run): Markup {
  const peak = samples.reduce((most, { userCount }) => Math.max(most, userCount), 0);
  const figures: readonly (readonly [string, string, string])[] = [
    ['Requests', count(total.numRequests), ''],
    ['Failures', count(total.numFailures), total.numRequests > 0 ? percent(failRatioOf(total)) : ''],
    ['Rate', measure(rateOf(total.numRequests, endTime - startTime)), 'requests/s'],
    ['p50', plain(percentileOf(total, 0.5)), 'ms'],
    ['p95', plain(percentileOf(total, 0.95)), 'ms'],
    ['p99', plain(percentileOf(total, 0.99)), 'ms'],
    ['Longest', measure(total.maxResponseTime), 'ms'],
    ['Most users', count(peak), ''],
  ];
  const items = figures.map(
    ([name, value, unit]) => html`<div><dt>${name}</dt><dd>${value} <small>${unit}</small></dd></div>`,
  );
  return html`<dl class="figures">${items}</dl>`;
}

function factsOf(run: Run): readonly (readonly [string, string | Markup])[] {
  const versions = [...run.versions].map(([name, version]) => `${name} ${version}`).join(', ');
  return [
    ['Start', momentMarkup(run.startTime)],
    ['End', momentMarkup(run.endTime)],
    ['Duration', duration(Math.max(0, run.endTime - run.startTime))],
    ['Host', run.host || 'named by the classes'],
    [run.userFiles.length === 1 ? 'User file' : 'User files', run.userFiles.join(', ')],
    ['Profile', run.profile ?? ''],
    ['Versions', versions],
  ].filter((fact): fact is [string, string | Markup] => fact[1] !== '');
}

function momentMarkup(time: number): Markup {
  return html`<time datetime="${iso(time)}">${moment(time)} UTC</time>`;
}
