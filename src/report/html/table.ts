// A table of the report: all rows are in the markup, so that it is whole without a script, in print and for other programs.
import { html, type Markup } from './markup.ts';

/** What stands in a cell; `value` where the text is not what it sorts by. */
export interface Cell {
  readonly text: string | Markup;
  readonly value?: string | number;
  readonly kind?: 'bad' | 'good';
}

export interface Column<Row> {
  readonly title: string;
  /** Numbers stand right, are sorted by value, the greatest first; `name` heads its row. */
  readonly kind: 'number' | 'text' | 'name';
  readonly cell: (row: Row) => Cell;
}

/** A table with its heading as the caption. */
export interface Table<Row> {
  readonly id: string;
  readonly caption: string;
  /** Units, and how to read it. */
  readonly note?: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Always in sight, at the foot. */
  readonly total?: Row;
}

/** Rows beyond are shown when the reader asks for them: a page of thousands of rows is slow to open. */
const shownRows = 100;

/** A number as `format` shows it; sorted, and read by programs, by its exact value. */
export function figure(value: number, format: (value: number) => string, kind?: Cell['kind']): Cell {
  const text = format(value);
  return { text, ...(text === String(value) ? {} : { value }), ...(kind ? { kind } : {}) };
}

/** The table; the page's script adds sorting and a filter. */
export function tableMarkup<Row>({ id, caption, note, columns, rows, total }: Table<Row>): Markup {
  const heads = columns.map(({ title, kind }) => html`<th scope="col" data-kind="${kind}">${title}</th>`);
  const body = rows.map((row, at) => rowMarkup(columns, row, at >= shownRows));
  const beyond = rows.length - shownRows;
  return html`<div class="table" id="${id}" data-rows="${rows.length}">
<div class="above"><div><h3>${caption}</h3>${note ? html`<p class="note">${note}</p>` : ''}</div></div>
<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
<table><caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${body}</tbody>
${total ? html`<tfoot>${rowMarkup(columns, total, false)}</tfoot>` : ''}
</table>
</div>
${beyond > 0 && html`<p class="note beyond">${beyond} more rows.</p>`}
</div>
`;
}

function rowMarkup<Row>(columns: readonly Column<Row>[], row: Row, isHidden: boolean): Markup {
  const cells = columns.map((column) => {
    const { text, value, kind } = column.cell(row);
    const exact = value === undefined ? '' : html` data-v="${value}"`;
    if (column.kind === 'name') return html`<th scope="row"${exact}>${text}</th>`;
    const names = [column.kind === 'text' ? 't' : '', kind ?? ''].filter((name) => name !== '').join(' ');
    return html`<td${names === '' ? '' : html` class="${names}"`}${exact}>${text}</td>`;
  });
  return html`<tr${isHidden ? html` hidden` : ''}>${cells}</tr>
`;
}
