import { count } from '../format.ts';
import { findAll, make, type PageElement } from './dom.ts';

/** So many rows need no filter. */
const fewRows = 8;
const shownRows = 100;

/** Gives each table sorting by its heads, and the long ones a filter and a limit. */
export function enhanceTables(): void {
  for (const table of findAll('.table')) if (Number(table.dataset.rows) > 1) enhance(table);
}

interface Row {
  readonly element: PageElement;
  /** What the filter looks at. */
  readonly text: string;
}

function enhance(table: PageElement): void {
  const [body] = findAll('tbody', table);
  if (!body) return;
  let rows: Row[] = findAll('tr', body).map((element) => ({ element, text: '' }));
  let words: readonly string[] = [];
  let isWhole = false;
  const status = make('span', { class: 'note', role: 'status' });
  const more = make('button', { type: 'button' });

  const show = (): void => {
    let matching = 0;
    for (const { element, text } of rows) {
      const matches = words.every((word) => text.includes(word));
      if (matches) matching++;
      element.hidden = !matches || (matching > shownRows && !isWhole);
    }
    const shown = isWhole ? matching : Math.min(matching, shownRows);
    status.textContent = `${count(shown)} of ${count(rows.length)} rows`;
    more.hidden = matching <= shownRows;
    more.textContent = isWhole ? `Show the first ${shownRows}` : `Show all ${count(matching)}`;
  };
  sortable(table, (compare) => {
    rows = rows.toSorted((a, b) => compare(a.element, b.element));
    body.append(...rows.map(({ element }) => element));
    show();
  });
  if (rows.length < fewRows) return;
  const filter = make('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' });
  filter.addEventListener('input', () => {
    if (rows[0]?.text === '') rows = rows.map(({ element }) => ({ element, text: searchable(element) }));
    words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    show();
  });
  more.addEventListener('click', () => {
    isWhole = !isWhole;
    show();
  });
  const label = make('label', {}, 'Filter ', filter);
  table.querySelector('.beyond')?.remove();
  table.querySelector('.above')?.append(make('div', { class: 'tools' }, label, status, more));
  show();
}

type Compare = (a: PageElement, b: PageElement) => number;

/** A button in each head: numbers from the greatest, texts from A, then the other way round. */
function sortable(table: PageElement, sort: (compare: Compare) => void): void {
  const heads = findAll('thead th', table);
  for (const [at, head] of heads.entries()) {
    const isNumber = head.dataset.kind === 'number';
    const button = make('button', { type: 'button' }, head.textContent ?? '');
    let isDescending = !isNumber;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      for (const other of heads) if (other !== head) other.removeAttribute('aria-sort');
      isDescending = head.dataset.sorted === 'yes' ? !isDescending : isNumber;
      for (const other of heads) other.dataset.sorted = other === head ? 'yes' : 'no';
      head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      const sign = isDescending ? -1 : 1;
      sort((a, b) => sign * (isNumber ? numberAt(a, at) - numberAt(b, at) : byText(textAt(a, at), textAt(b, at))));
    });
  }
}

const { compare: byText } = new Intl.Collator('en', { numeric: true });

function textAt(row: PageElement, at: number): string {
  return row.cells[at]?.textContent ?? '';
}

/** The exact value, where the text is shortened. */
function numberAt(row: PageElement, at: number): number {
  const value = Number(row.cells[at]?.dataset.v ?? textAt(row, at));
  return Number.isNaN(value) ? -1 : value;
}

/** Names and messages, without the figures: `200` should not find a count. */
function searchable(row: PageElement): string {
  return findAll('th, .t', row)
    .map((cell) => cell.textContent ?? '')
    .join('\n')
    .toLowerCase();
}
