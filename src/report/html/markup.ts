// HTML in which everything that is put in is escaped, but for HTML made here.

/** Text that is HTML already. Only `html` makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | readonly Markup[] | null | false;

/**
 * HTML with the values escaped: names, messages and options come from outside.
 *
 * @example html`<td title="${name}">${name}</td>`
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let text = parts[0] ?? '';
  for (const [at, value] of values.entries()) text += textOf(value) + (parts[at + 1] ?? '');
  return new Markup(text);
}

function textOf(value: Value): string {
  if (value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? escapeHtml(value) : value.map((markup) => markup.text).join('');
}

const special = /[&<>"'`\u2028\u2029]/g;
const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
  '\u2028': '&#8232;',
  '\u2029': '&#8233;',
};

/** Also for values of attributes, with any quotes. */
export function escapeHtml(text: string): string {
  return text.replace(special, (character) => references[character] ?? '');
}

/** JSON that can end no script element, whatever strings it holds. */
export function jsonMarkup(value: unknown): Markup {
  const codeOf = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return new Markup(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, codeOf));
}
