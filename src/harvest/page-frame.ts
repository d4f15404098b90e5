import { type Asset, pageScript, pageStyle, scriptlessStyle } from '../report/html/assets.ts';
import { html, jsonMarkup, Markup } from '../report/html/markup.ts';
import type { ChartData } from './page/chart-data.ts';

/** The page's script as compiled, or as written where the project runs from its sources. */
const script = import.meta.url.endsWith('.ts')
  ? new URL('./page/main.ts', import.meta.url)
  : new URL('./page/main.js', import.meta.url);

export interface PageParts {
  readonly title: string;
  /** Above the charts. */
  readonly head: Markup;
  readonly charts: readonly ChartData[];
  /** Below the charts; sections with headings. */
  readonly body: readonly Markup[];
}

/** One HTML page that needs nothing else, with the report's style: tables without a script, charts by it. */
export function pageOf({ title, head, charts, body }: PageParts): string {
  const [style, scriptless, code] = [pageStyle(), scriptlessStyle(), pageScript(script)];
  const policy = `default-src 'none'; script-src ${code.hash}; style-src ${style.hash} ${scriptless.hash}; base-uri 'none'; form-action 'none'`;
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
<noscript><style>${asIs(scriptless)}</style></noscript>
</head>
<body>
<header><h1>${title}</h1><div id="controls" class="scripted"></div></header>
<main>
${head}
<section aria-labelledby="charts" class="scripted"><h2 id="charts">Distributions</h2>
<div id="distributions" class="charts"></div></section>
${body}</main>
<footer><p>Made by katydid. All times are in UTC.</p></footer>
<script type="application/json" id="data">${jsonMarkup(charts)}</script>
<script>${asIs(code)}</script>
</body>
</html>
`.text;
}

/** `2019-01-04 20:00:00 UTC` of ISO 8601. */
export function shownMoment(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

/** Checked in `assets`. */
function asIs({ text }: Asset): Markup {
  return new Markup(text);
}
