// The script of the pages: bundled when a page is written, and run in the reader's browser.
import { find } from '../../report/html/page/dom.ts';
import { enhanceTables } from '../../report/html/page/tables.ts';
import { watchTheme } from '../../report/html/page/theme.ts';
import type { ChartData } from './chart-data.ts';
import { drawDistribution } from './distribution-chart.ts';

const charts = JSON.parse(find('#data').textContent ?? '') as readonly ChartData[];
let removals: readonly (() => void)[] = [];

enhanceTables();

/** Again after each change of theme: colours are taken from the style when a chart is drawn. */
function draw(): void {
  for (const remove of removals) remove();
  removals = charts.map((chart) => drawDistribution(find('#distributions'), chart));
}

watchTheme(draw);
draw();
