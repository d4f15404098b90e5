import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { DeviceNames } from './device-names.ts';
import { type EventKind, type EventSink, eventKinds } from './event.ts';
import { lowestFirst } from './merge-heap.ts';

/** Numbers of one record: device × 8 + kind, number of the payload, time, execution time. */
const fields = 4;
const bytesOfRecord = fields * Float64Array.BYTES_PER_ELEMENT;
const usualRecords = 1 << 18;
/** Of all sorted pieces together, while they are merged. */
const mergeRecords = 1 << 18;
const pieceRecordsAtLeast = 64;

/**
 * Puts the events of logs in order by device, payload and time, however many there are and in whatever order the files
 * have them: what no longer fits into memory goes, sorted, into a file, and all pieces are merged at the end.
 */
export class EventSorter implements EventSink {
  readonly #names = new DeviceNames();
  readonly #path: string;
  readonly #records: Float64Array;
  #count = 0;
  #descriptor: number | undefined;
  readonly #isSeen = new Uint8Array(eventKinds.length);
  /** Records in the file, piece by piece. */
  readonly #pieces: number[] = [];

  /** The file at `path` is made when it is needed; it has no name any more as soon as it is open. */
  constructor(path: string, recordsInMemory: number = usualRecords) {
    this.#path = path;
    this.#records = new Float64Array(recordsInMemory * fields);
  }

  add(kind: number, device: string, number: number, time: number, took: number): void {
    if (this.#count * fields === this.#records.length) this.#spill();
    this.#isSeen[kind] = 1;
    const at = this.#count++ * fields;
    this.#records[at] = this.#names.numberOf(device) * 8 + kind;
    this.#records[at + 1] = number;
    this.#records[at + 2] = time;
    this.#records[at + 3] = took;
  }

  /** Whether any line told of such an event. */
  has(kind: EventKind): boolean {
    return this.#isSeen[eventKinds.indexOf(kind)] === 1;
  }

  /** Hands out all events in order, and each of those that several lines told only once; returns how many did. */
  drain(sink: EventSink): number {
    const last = new Float64Array(fields).fill(Number.NaN);
    let repeated = 0;
    let name = '';
    const take = (from: Float64Array, at: number): void => {
      const head = from[at] ?? 0;
      const number = from[at + 1] ?? 0;
      const time = from[at + 2] ?? 0;
      const took = from[at + 3] ?? 0;
      if (head === last[0] && number === last[1] && time === last[2] && took === last[3]) {
        repeated++;
        return;
      }
      if (name === '' || head >>> 3 !== (last[0] ?? 0) >>> 3) name = this.#names.nameOf(head >>> 3);
      last[0] = head;
      last[1] = number;
      last[2] = time;
      last[3] = took;
      sink.add(head & 7, name, number, time, took);
    };
    if (this.#descriptor === undefined) {
      const sorted = this.#sorted();
      for (let at = 0; at < sorted.length; at += fields) take(sorted, at);
    } else {
      this.#spill();
      this.#merge(this.#descriptor, take);
    }
    return repeated;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #spill(): void {
    if (this.#count === 0) return;
    if (this.#descriptor === undefined) {
      this.#descriptor = openSync(this.#path, 'wx+', 0o600);
      unlinkSync(this.#path);
    }
    const { buffer } = this.#sorted();
    for (let at = 0; at < buffer.byteLength; ) {
      at += writeSync(this.#descriptor, new Uint8Array(buffer), at, buffer.byteLength - at);
    }
    this.#pieces.push(this.#count);
    this.#count = 0;
  }

  #sorted(): Float64Array {
    const records = this.#records;
    const order = new Uint32Array(this.#count).map((_, record) => record * fields);
    order.sort(comparison(this.#names.ranks(), records, records));
    const sorted = new Float64Array(order.length * fields);
    for (let to = 0; to < order.length; to++) {
      const from = order[to] ?? 0;
      for (let field = 0; field < fields; field++) sorted[to * fields + field] = records[from + field] ?? 0;
    }
    return sorted;
  }

  #merge(descriptor: number, take: (from: Float64Array, at: number) => void): void {
    const share = Math.max(pieceRecordsAtLeast, Math.floor(mergeRecords / this.#pieces.length));
    let offset = 0;
    const pieces = this.#pieces.map((records) => {
      const piece = new Piece(descriptor, offset, records, share);
      offset += records * bytesOfRecord;
      return piece;
    });
    const ranks = this.#names.ranks();
    lowestFirst(
      pieces,
      (one, other) => compare(ranks, one.records, one.at, other.records, other.at),
      (piece) => {
        take(piece.records, piece.at);
        return piece.next();
      },
    );
  }
}

/** One sorted piece of the file, of which a part is in memory. */
class Piece {
  readonly records: Float64Array;
  /** Where the current record begins. */
  at = 0;
  readonly #descriptor: number;
  #offset: number;
  #left: number;
  #loaded = 0;

  constructor(descriptor: number, offset: number, count: number, share: number) {
    this.#descriptor = descriptor;
    this.#offset = offset;
    this.#left = count;
    this.records = new Float64Array(Math.min(count, share) * fields);
    this.#load();
  }

  /** Whether there is one more. */
  next(): boolean {
    this.at += fields;
    return this.at < this.#loaded || this.#load();
  }

  #load(): boolean {
    const count = Math.min(this.#left, this.records.length / fields);
    const bytes = new Uint8Array(this.records.buffer, 0, count * bytesOfRecord);
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(this.#descriptor, bytes, at, bytes.length - at, this.#offset + at);
      if (read === 0) throw new Error('the file of sorted events ends too soon');
      at += read;
    }
    this.#offset += bytes.length;
    this.#left -= count;
    this.#loaded = count * fields;
    this.at = 0;
    return count > 0;
  }
}

function comparison(ranks: Uint32Array, one: Float64Array, other: Float64Array): (a: number, b: number) => number {
  return (a, b) => compare(ranks, one, a, other, b);
}

/** By device, payload, time, kind, execution time. */
function compare(ranks: Uint32Array, one: Float64Array, a: number, other: Float64Array, b: number): number {
  const head = one[a] ?? 0;
  const head2 = other[b] ?? 0;
  return (
    (ranks[head >>> 3] ?? 0) - (ranks[head2 >>> 3] ?? 0) ||
    (one[a + 1] ?? 0) - (other[b + 1] ?? 0) ||
    (one[a + 2] ?? 0) - (other[b + 2] ?? 0) ||
    head - head2 ||
    (one[a + 3] ?? 0) - (other[b + 3] ?? 0)
  );
}
