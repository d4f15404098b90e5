import type { Asset } from './html/assets.ts';
import { pageScript, pageStyle, scriptlessStyle } from './html/assets.ts';
import { count } from './html/format.ts';
import { headMarkup, titleOf } from './html/head.ts';
import { html, jsonMarkup, Markup } from './html/markup.ts';
import { pageData } from './html/page-data.ts';
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
  const style = pageStyle();
  const scriptless = scriptlessStyle();
  const title = titleOf(run);
  const policy = policyOf(script, [style, scriptless]);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="katydid">
<title>${title}</title>
<style>${asIs(style)}</style>
${script ? html`<noscript><style>${asIs(scriptless)}</style></noscript>` : html`<style>${asIs(scriptless)}</style>`}
</head>
<body>
<header><h1>${title}</h1><div id="controls" class="scripted"></div></header>
<main>
${headMarkup(run)}
${navigation(run)}
${problem && html`<p class="note">The charts are missing: ${problem}</p>`}
${thresholdTable(run)}
${charts}
<section aria-labelledby="statistics"><h2 id="statistics">Statistics</h2>
${requestTable(run)}${percentileTable(run)}</section>
<section aria-labelledby="problems"><h2 id="problems">Failures and exceptions</h2>
${failureTable(run)}${exceptionTable(run)}</section>
${ratiosMarkup(run)}${optionsMarkup(run)}</main>
<footer><p>Made by katydid${html` ${run.versions.get('katydid') ?? ''}`}. All times are in UTC.</p></footer>
${
  script &&
  html`<script type="application/json" id="data">${jsonMarkup(pageData(run))}</script>
<script>${asIs(script)}</script>`
}
</body>
</html>
`.text;
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

function policyOf(script: Asset | null, styles: readonly Asset[]): string {
  const styleHashes = styles.map(({ hash }) => hash).join(' ');
  return `default-src 'none'; script-src ${script?.hash ?? "'none'"}; style-src ${styleHashes}; base-uri 'none'; form-action 'none'`;
}

/** Checked in `assets`. */
function asIs({ text }: Asset): Markup {
  return new Markup(text);
}
