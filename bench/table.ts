// Duty: what is printed: Markdown tables of medians with their spread.

/** The middle of some values, their least and their greatest. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function summary(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
  return { median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** `median (min–max)`; a dash if there is nothing. */
export function spread(values: readonly number[], digits = 0): string {
  if (values.length === 0) return '–';
  const { median, min, max } = summary(values);
  return `${grouped(median, digits)} (${grouped(min, digits)}–${grouped(max, digits)})`;
}

/** A table in Markdown, with an empty line after it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const rule = `|${head.map((_, i) => (i === 0 ? '---|' : '---:|')).join('')}\n`;
  return `${line(head)}${rule}${rows.map(line).join('')}\n`;
}
