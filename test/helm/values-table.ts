// The table of values in the chart's README, made of values.yaml: `node --import tsx test/helm/values-table.ts` writes it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartFolder } from './chart.ts';

/** What stands behind a key in values.yaml, with its comment that begins with `--`. */
export interface ValueRow {
  readonly path: string;
  readonly value: string;
  readonly text: string;
}

/** The keys of values.yaml that hold something: each has a comment, or lies under a key that has one. */
export function valueRows(yaml: string): readonly ValueRow[] {
  const rows: ValueRow[] = [];
  const path: { readonly name: string; readonly indent: number }[] = [];
  let text: string | undefined;
  /** Of the key whose comment speaks for all that lies under it. */
  let told = Number.POSITIVE_INFINITY;
  let row: { path: string; value: string; text: string } | undefined;
  for (const line of yaml.split('\n')) {
    if (line.trim() === '') {
      text = undefined;
      continue;
    }
    const indent = line.search(/\S/);
    const comment = /^\s*# ?(-- )?(.*)$/.exec(line);
    if (comment !== null) {
      const [, begins, rest = ''] = comment;
      if (begins !== undefined) text = rest;
      else if (text !== undefined) text += ` ${rest}`;
      continue;
    }
    if (indent > told) {
      if (row !== undefined) row.value += ` ${line.trim()}`;
      continue;
    }
    const [, name = '', value = ''] = /^\s*([\w-]+):\s*(.*)$/.exec(line) ?? [];
    while (path.length > 0 && (path.at(-1)?.indent ?? 0) >= indent) path.pop();
    path.push({ name, indent });
    const whole = path.map((part) => part.name).join('.');
    if (text === undefined) {
      if (value !== '') throw new Error(`values.yaml: ${whole} has no comment that begins with --`);
      told = Number.POSITIVE_INFINITY;
      continue;
    }
    row = { path: whole, value, text };
    rows.push(row);
    told = indent;
    text = undefined;
  }
  return rows;
}

const marks = /(<!-- values -->\n)[\s\S]*(<!-- end of values -->)/;

/** The README with its table written anew. */
export async function readmeWithTable(): Promise<{ readonly before: string; readonly after: string }> {
  const before = await readFile(join(chartFolder, 'README.md'), 'utf8');
  const rows = valueRows(await readFile(join(chartFolder, 'values.yaml'), 'utf8'));
  const cell = (words: string): string => words.trim().replaceAll('|', '\\|');
  const lines = rows.map((row) => `| \`${row.path}\` | \`${cell(row.value)}\` | ${cell(row.text)} |`);
  const table = ['| Value | Default | Meaning |', '| --- | --- | --- |', ...lines].join('\n');
  return { before, after: before.replace(marks, (_all, begin, end) => `${begin}${table}\n${end}`) };
}

if (process.argv[1] === import.meta.filename) {
  await writeFile(join(chartFolder, 'README.md'), (await readmeWithTable()).after);
}
