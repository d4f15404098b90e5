import { closeSync, openSync, writeSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';

export type CsvRow = readonly (string | number)[];

const rowsAtOnce = 1000;

/** A CSV file that grows row by row; only the rows that are not yet written are in memory. */
export class CsvList {
  readonly #descriptor: number;
  #rows: CsvRow[] = [];
  #count = 0;

  constructor(path: string, head: readonly string[]) {
    this.#descriptor = openSync(path, 'w');
    this.#rows.push(head);
  }

  /** Rows without the head. */
  get count(): number {
    return this.#count;
  }

  add(row: CsvRow): void {
    this.#rows.push(row);
    this.#count++;
    if (this.#rows.length >= rowsAtOnce) this.#write();
  }

  close(): void {
    this.#write();
    closeSync(this.#descriptor);
  }

  #write(): void {
    const bytes = Buffer.from(stringify(this.#rows as CsvRow[]));
    this.#rows = [];
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
  }
}
