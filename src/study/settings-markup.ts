import { moment } from '../report/html/format.ts';
import { html, type Markup } from '../report/html/markup.ts';
import type { StudyResult } from './result.ts';

/** What was asked for, and with which versions. */
export function settingsMarkup({ settings, versions, startTime, endTime }: StudyResult): Markup {
  const given: readonly (readonly [string, unknown])[] = [
    ['from', `${moment(startTime)} UTC`],
    ['to', `${moment(endTime)} UTC`],
    ...Object.entries(versions),
    ...Object.entries(settings).filter(([name]) => name !== 'name'),
  ];
  const rows = given.filter(
    ([, value]) => value !== null && value !== '' && JSON.stringify(value) !== '[]' && JSON.stringify(value) !== '{}',
  );
  return html`<section aria-labelledby="settings"><h2 id="settings">Settings and versions</h2>
<dl class="options">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${typeof value === 'string' ? value : JSON.stringify(value)}</dd></div>`)}</dl></section>
`;
}
