import type { Asset } from './html/assets.ts';
import { pageScript } from './html/assets.ts';
import { count } from './html/format.ts';
import { headMarkup, titleOf } from './html/head.ts';
import { html, type Markup } from './html/markup.ts';
import { pageData } from './html/page-data.ts';
import { pageFrame } from './html/page-frame.ts';
import { exceptionTable, failureTable, thresholdTable } from './html/problems.ts';
import { optionsMarkup, ratiosMarkup } from './html/ratios.ts';
import { percentileTable, requestTable } from './html/statistics.ts';
import type { Run } from './run.ts';

/**
 * A run as one HTML page that needs nothing else: no network, no file beside it. Figures and tables are in the markup, so
 * that it can be read without a script; the page's own script adds charts, sorting and filters.
 *
 * @example await writeFile('report.html', htmlReport(run));
 */
export function htmlReport(run: Run, makeScript: () => Asset = pageScript): string {
  const { script, problem } = scriptOf(makeScript);
  const main = html`${headMarkup(run)}
${navigation(run)}
${problem && html`<p class="note">The charts are missing: ${problem}</p>`}
${thresholdTable(run)}
${charts}
<section aria-labelledby="statistics"><h2 id="statistics">Statistics</h2>
${requestTable(run)}${percentileTable(run)}</section>
<section aria-labelledby="problems"><h2 id="problems">Failures and exceptions</h2>
${failureTable(run)}${exceptionTable(run)}</section>
${ratiosMarkup(run)}${optionsMarkup(run)}`;
  const data = script && pageData(run);
  return pageFrame({ title: titleOf(run), main, script, data, version: run.versions.get('katydid') });
}

/** The tables are worth a page of their own, should the script not come together: a report is never lost. */
function scriptOf(makeScript: () => Asset): { readonly script: Asset | null; readonly problem: string | null } {
  try {
    return { script: makeScript(), problem: null };
  } catch (error) {
    return { script: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Filled by the page's script. */
const charts = html`<section aria-labelledby="charts" class="scripted"><h2 id="charts">Charts</h2>
<div id="run-charts" class="charts"></div></section>
<section aria-labelledby="by-name" class="scripted"><h2 id="by-name">By name</h2>
<div id="name-choice"></div><div id="name-charts" class="charts"></div></section>
`;

function navigation(run: Run): Markup {
  const places: readonly (readonly [string, string, boolean])[] = [
    ['thresholds', 'Thresholds', run.thresholds.length > 0],
    ['charts', 'Charts', true],
    ['by-name', 'By name', true],
    ['request-statistics', 'Requests', true],
    ['response-times', 'Response times', true],
    ['failures', `Failures (${count(run.stats.total.numFailures)})`, true],
    ['exceptions', `Exceptions (${count(run.exceptions.reduce((sum, row) => sum + row.count, 0))})`, true],
    ['ratio', 'Final ratio', run.ratios.perClass.length + run.ratios.total.length > 0],
    ['options', 'Options', run.options.size > 0],
  ];
  const links = places
    .filter(([, , isThere]) => isThere)
    .map(([id, text]) => html`<li><a href="#${id}">${text}</a></li>`);
  return html`<nav aria-label="Sections"><ul>${links}</ul></nav>`;
}
