import type { RatioRow, Run } from '../run.ts';
import { percent } from './format.ts';
import { html, type Markup } from './markup.ts';

/** How often each class and task was chosen, per class and of all. Locust's task ratio. */
export function ratiosMarkup({ ratios: { perClass, total } }: Run): Markup | null {
  if (perClass.length === 0 && total.length === 0) return null;
  return html`<section aria-labelledby="ratio"><h2 id="ratio">Final ratio</h2>
<div class="columns"><div><h3>Ratio per class</h3>${list(perClass)}</div>
<div><h3>Total ratio</h3>${list(total)}</div></div></section>
`;
}

function list(rows: readonly RatioRow[]): Markup {
  const items = rows.map(
    ({ name, ratio, tasks }) =>
      html`<li><span class="part">${percent(ratio)}</span> ${name}${tasks.length > 0 && list(tasks)}</li>`,
  );
  return html`<ul class="ratios">${items}</ul>`;
}

/** As they were given; the secret ones came in masked. */
export function optionsMarkup({ options }: Run): Markup | null {
  if (options.size === 0) return null;
  const rows = [...options].map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<section aria-labelledby="options"><h2 id="options">Options</h2>
<dl class="options">${rows}</dl></section>
`;
}
