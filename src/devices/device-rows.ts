import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { UsageError } from '../errors.ts';
import { isDeviceId } from './device-id.ts';

/** A row of a file of devices, its first cell checked. */
export interface DeviceRow {
  /** From 1; a header counts. */
  readonly row: number;
  readonly id: string;
  readonly cells: readonly string[];
}

/** A row that cannot be used, and why, without a character of it that may be a key's. */
export interface RowProblem {
  readonly row: number;
  /** If it has one. */
  readonly id: string | undefined;
  readonly problem: string;
}

/** What a file says: rows that can be used, in their order, and those that cannot. */
export interface DeviceRows<Row> {
  readonly rows: readonly Row[];
  readonly problems: readonly RowProblem[];
}

/** The text of a file; undefined if there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`${path} cannot be read: ${(thrown as Error).message}`);
  }
}

/**
 * The rows of a CSV of devices. A first row whose first cell is `id` is a header. Each id may be there once.
 *
 * @param make what a row says, by its cells; throws what is wrong with it.
 */
export function deviceRows<Row>(text: string, make: (row: DeviceRow) => Row): DeviceRows<Row> {
  const rows: Row[] = [];
  const problems: RowProblem[] = [];
  const firstRows = new Map<string, number>();
  const { records, torn } = recordsOf(text);
  for (const [at, record] of records.entries()) {
    const [id = '', ...cells] = record.map((cell) => cell.trim());
    if (at === 0 && id.toLowerCase() === 'id') continue;
    const row = at + 1;
    const first = firstRows.get(id);
    try {
      if (!isDeviceId(id)) throw new Error("its first cell is no device's id");
      if (first !== undefined) throw new Error(`its id stands in row ${first} already`);
      firstRows.set(id, row);
      rows.push(make({ row, id, cells }));
    } catch (thrown) {
      problems.push({ row, id: isDeviceId(id) ? id : undefined, problem: (thrown as Error).message });
    }
  }
  if (torn !== undefined) problems.push({ row: records.length + 1, id: undefined, problem: torn });
  return { rows, problems };
}

/** The first problem as an error for people: file, row, id and what is wrong. */
export function refuseProblems(path: string, problems: readonly RowProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more rows)` : '';
  throw new UsageError(`${path}, ${problemText(first)}${more}`);
}

/** `row 3 (LTK00003): its key is encrypted`. */
export function problemText({ row, id, problem }: RowProblem): string {
  return `row ${row}${id === undefined ? '' : ` (${id})`}: ${problem}`;
}

function recordsOf(text: string): { readonly records: readonly string[][]; readonly torn?: string } {
  const records: string[][] = [];
  try {
    parse(text, {
      bom: true,
      // Of its own accord it would take the first one that it meets for all: rows are appended to files of Windows, too.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record: string[]) => {
        records.push(record);
        return null;
      },
    });
    return { records };
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    // Not its message: it cites the text.
    return { records, torn: 'a quote is not closed, or stands within a cell that has none around it' };
  }
}
