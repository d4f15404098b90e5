// A report's page as a program reads it: its tables by their cells, its data, its policy.

const references: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#96;': '`',
  '&#8232;': '\u2028',
  '&#8233;': '\u2029',
};

/** Markup as the text that it shows. */
export function shown(markup: string): string {
  return markup.replace(/<[^>]*>/g, '').replace(/&[#\w]+;/g, (reference) => references[reference] ?? reference);
}

export interface ReadCell {
  readonly text: string;
  /** The exact value, where it is a number. */
  readonly value: number;
}

/** The rows of a table, each as its cells by the title of the column; that of the foot last. */
export function rowsOf(page: string, id: string): Readonly<Record<string, ReadCell>>[] {
  const [, table = ''] =
    new RegExp(`<div class="table" id="${id}"[\\s\\S]*?<table>([\\s\\S]*?)</table>`).exec(page) ?? [];
  const titles = [...table.matchAll(/<th scope="col"[^>]*>(.*?)<\/th>/g)].map((match) => shown(match[1] ?? ''));
  const [, body = ''] = table.split('</thead>');
  return [...body.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map((row) => {
    const cells = [...(row[1] ?? '').matchAll(/<t[dh]([^>]*)>([\s\S]*?)<\/t[dh]>/g)].map((match) => {
      const text = shown(match[2] ?? '');
      return { text, value: Number(/data-v="([^"]*)"/.exec(match[1] ?? '')?.[1] ?? text) };
    });
    return Object.fromEntries(cells.map((cell, at) => [titles[at] ?? '', cell]));
  });
}

/** What stands in each element of this name. */
export function contentsOf(page: string, tag: 'script' | 'style'): string[] {
  return [...page.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))].map((match) => match[1] ?? '');
}

/** The data of the charts. */
export function dataOf(page: string): unknown {
  return JSON.parse(contentsOf(page, 'script')[0] ?? '');
}

export function policyOf(page: string): string {
  return shown(/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '');
}
