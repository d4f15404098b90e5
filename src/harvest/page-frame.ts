import { pageScript } from '../report/html/assets.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { pageFrame } from '../report/html/page-frame.ts';
import type { ChartData } from './page/chart-data.ts';

/** The page's script as compiled, or as written where the project runs from its sources. */
const entry = import.meta.url.endsWith('.ts')
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

/** A page in the report's frame: tables without a script, charts by it. */
export function pageOf({ title, head, charts, body }: PageParts): string {
  const main = html`${head}
<section aria-labelledby="charts" class="scripted"><h2 id="charts">Distributions</h2>
<div id="distributions" class="charts"></div></section>
${body}`;
  return pageFrame({ title, main, script: pageScript(entry), data: charts });
}

/** `2019-01-04 20:00:00 UTC` of ISO 8601. */
export function shownMoment(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
