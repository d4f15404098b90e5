import type UPlot from 'uplot';
import { count } from '../format.ts';
import type { NameData, PageData } from '../page-data.ts';
import { drawChart } from './chart.ts';
import { browser, find, make } from './dom.ts';
import { drawHistogram } from './histogram.ts';
import { rates, timeAxis, times } from './run-charts.ts';

/** A choice among all names; `draw` shows the charts of the chosen one, in place of those before. */
export function nameCharts(data: PageData, synced: Set<UPlot>): { readonly draw: () => void } {
  const select = make('select', { id: 'name' });
  select.append(
    ...data.names.map(({ method, name }, at) =>
      make('option', { value: String(at) }, at === 0 ? 'All requests' : `${method} ${name}`),
    ),
  );
  select.value = String(busiest(data.names));
  find('#name-choice').append(make('label', {}, 'Name ', select));
  let removals: (() => void)[] = [];
  const remove = (): void => {
    for (const removal of removals) removal();
    removals = [];
  };
  const draw = (): void => {
    remove();
    removals = drawName(data, Number(select.value), synced);
  };
  select.addEventListener('change', draw);
  // each name in the table of requests leads here
  browser.document.querySelector('#request-statistics')?.addEventListener('click', ({ target }) => {
    const chosen = target?.closest('[data-name]')?.dataset.name;
    if (chosen === undefined) return;
    select.value = chosen;
    draw();
  });
  return { draw };
}

function drawName(data: PageData, at: number, synced: Set<UPlot>): (() => void)[] {
  const place = find('#name-charts');
  const chosen = data.names[at];
  const notes: string[] = [];
  const removals: (() => void)[] = [];
  const history = at === 0 ? data.series : chosen?.history;
  if (history && data.times.length > 0) {
    const axis = timeAxis(data, at === 0 ? data.times : data.nameTimes);
    const lines = [
      { label: 'p50', values: history.median },
      { label: 'p95', values: history.p95 },
    ];
    removals.push(drawChart(place, rates(axis, 'Requests per second', history.requests, history.failures), synced));
    removals.push(drawChart(place, times(axis, 'Response times', 'of the last 10 s at each point', lines), synced));
    if (at > 0 && data.samplesPerPoint > 1)
      notes.push(`Each point stands for ${data.samplesPerPoint} samples: their mean, of p95 the highest.`);
  } else {
    notes.push('No history was kept of this name.');
  }
  removals.push(drawHistogram(place, chosen, `Distribution of ${count(chosen?.requests ?? 0)} requests`));
  const elements = notes.map((text) => make('p', { class: 'note' }, text));
  place.append(...elements);
  return [...removals, ...elements.map((element) => () => element.remove())];
}

function busiest(names: readonly NameData[]): number {
  let best = 0;
  for (const [at, { requests }] of names.entries())
    if (at > 0 && (best === 0 || requests > (names[best]?.requests ?? 0))) best = at;
  return best;
}
