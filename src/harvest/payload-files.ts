import { join } from 'node:path';
import { CsvList, type CsvRow } from './csv-list.ts';
import { isoOf } from './moment.ts';
import type { Payload } from './payload.ts';
import type { PayloadLists } from './tally.ts';

/** The first rows of a list are shown on the page, too. */
export interface ListHead {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly count: number;
}

const shownRows = 100;

/** The list that is not always made. */
export const wholeList = 'payloads.csv';

/** One list: all of it in the file, its first rows in memory. */
class PayloadFile {
  readonly #file: string;
  readonly #columns: readonly string[];
  readonly #list: CsvList;
  readonly #head: CsvRow[] = [];

  constructor(folder: string, file: string, columns: readonly string[]) {
    this.#file = file;
    this.#columns = columns;
    this.#list = new CsvList(join(folder, file), columns);
  }

  add(row: CsvRow): void {
    this.#list.add(row);
    if (this.#head.length < shownRows) this.#head.push(row);
  }

  close(): ListHead {
    this.#list.close();
    return { file: this.#file, columns: this.#columns, rows: this.#head, count: this.#list.count };
  }
}

/** The lists of payloads as CSV files, by device and number of the payload. */
export class PayloadFiles implements PayloadLists {
  readonly #lost: PayloadFile;
  readonly #unanswered: PayloadFile;
  readonly #late: PayloadFile;
  readonly #all: PayloadFile | undefined;

  /** `isWhole` is with one that has all payloads. */
  constructor(folder: string, isWhole: boolean) {
    const named = ['device', 'payload', 'published'];
    this.#lost = new PayloadFile(folder, 'lost.csv', [...named, 'timedOut', 'application']);
    this.#unanswered = new PayloadFile(folder, 'unanswered.csv', [...named, 'application', 'received']);
    this.#late = new PayloadFile(folder, 'late.csv', [...named, 'received', 'milliseconds']);
    const columns = [...named, 'received', 'milliseconds', 'application', 'executionMilliseconds'];
    this.#all = isWhole ? new PayloadFile(folder, wholeList, columns) : undefined;
  }

  lost(payload: Payload): void {
    this.#lost.add([...nameOf(payload), payload.hasTimedOut ? 'yes' : 'no', payload.application ?? '']);
  }

  unanswered(payload: Payload): void {
    this.#unanswered.add([...nameOf(payload), payload.application ?? '', momentOf(payload.received ?? payload.late)]);
  }

  late(payload: Payload): void {
    this.#late.add([...nameOf(payload), momentOf(payload.late), between(payload.published, payload.late)]);
  }

  any(payload: Payload): void {
    if (this.#all === undefined) return;
    const received = payload.received ?? payload.late;
    const took = payload.took === undefined ? '' : payload.took / 1000;
    const { application = '' } = payload;
    const time = between(payload.published, received);
    this.#all.add([...nameOf(payload), momentOf(received), time, application, took]);
  }

  /** Lost, unanswered, late: what a page shows of them. */
  close(): readonly ListHead[] {
    this.#all?.close();
    return [this.#lost.close(), this.#unanswered.close(), this.#late.close()];
  }
}

function nameOf({ device, number, published }: Payload): CsvRow {
  return [device, number, isoOf(published)];
}

function momentOf(time: number | undefined): string {
  return time === undefined ? '' : isoOf(time);
}

/** ms */
function between(start: number, end: number | undefined): number | string {
  return end === undefined ? '' : (end - start) / 1000;
}
