// The script of a study's page: bundled when it is written, and run in the reader's browser.
import { find } from '../../report/html/page/dom.ts';
import { enhanceTables } from '../../report/html/page/tables.ts';
import { watchTheme } from '../../report/html/page/theme.ts';
import type { StudyPageData } from '../page-data.ts';
import { drawCurves, drawTimeline } from './curves.ts';

const data = JSON.parse(find('#data').textContent ?? '') as StudyPageData;
let removals: readonly (() => void)[] = [];

enhanceTables();

/** Again after each change of theme: colours are taken from the style when a chart is drawn. */
function draw(): void {
  for (const remove of removals) remove();
  removals = [...drawCurves(find('#curves'), data), ...drawTimeline(find('#timeline-charts'), data)];
}

watchTheme(draw);
draw();
