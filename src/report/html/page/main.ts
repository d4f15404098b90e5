// The script of the report's page: bundled when a report is written, and run in the reader's browser.
import type UPlot from 'uplot';
import type { PageData } from '../page-data.ts';
import { browser, find, findAll } from './dom.ts';
import { nameCharts } from './name-charts.ts';
import { drawRunCharts } from './run-charts.ts';
import { enhanceTables } from './tables.ts';
import { watchTheme } from './theme.ts';

const data = JSON.parse(find('#data').textContent ?? '') as PageData;
/** Charts that share the time axis. */
const synced = new Set<UPlot>();

enhanceTables();
const names = nameCharts(data, synced);
let removeRunCharts = (): void => undefined;

/** Again after each change of theme: colours are taken from the style when a chart is drawn. */
function draw(): void {
  removeRunCharts();
  removeRunCharts = drawRunCharts(data, synced);
  names.draw();
}

watchTheme(draw);
draw();

browser.addEventListener('beforeprint', () => {
  for (const traceback of findAll('details')) traceback.open = true;
});
