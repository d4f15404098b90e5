import { RequestError } from '../failure.ts';
import type { AnswerHead } from './answer-head.ts';
import { checkStart, chunkSize, HeadLines, headerColon, malformed } from './head-lines.ts';

/** Of one answer: the heads before it, its own, its trailers. As undici and most servers have it. */
const maxHead = 65_536;
const maxChunkLine = 16_384;

/** What comes next. */
type Phase = 'start' | 'headers' | 'length' | 'close' | 'size' | 'chunk' | 'cr' | 'lf' | 'trailer' | 'done';

/** Who is told of the parts of an answer. Bytes are only lent. */
export interface Reader {
  /** `end`: where it ends, if it is the first thing in the bytes that were read, else 0. */
  onHead(head: AnswerHead, end: number): void;
  onBody(bytes: Buffer, at: number, end: number): void;
  /** 100 Continue; other interim answers are passed over. */
  onContinue(): void;
}

/**
 * Reads the answers on one connection, whatever pieces they come in. A line that is not yet whole is kept and searched
 * on where the search ended: no byte is looked at again because another one came.
 */
export class AnswerParser {
  readonly #reader: Reader;
  readonly #lines = new HeadLines();
  #phase: Phase = 'done';
  #isHead = false;
  #head: AnswerHead | undefined = undefined;
  /** Bytes of the body, or of the chunk, that are still to come. */
  #left = 0;
  /** Bytes that heads and trailers may still have. */
  #budget = maxHead;
  /** A head or line that is not yet whole. */
  #held: Buffer | undefined = undefined;
  #heldLength = 0;
  /** Where its last line begins, and how far it was searched. */
  #lineAt = 0;
  #searched = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** The answer is whole, or none is expected. */
  get isDone(): boolean {
    return this.#phase === 'done';
  }

  /** The head of the answer, when it was read. */
  get head(): AnswerHead | undefined {
    return this.#head;
  }

  /** An answer is expected. */
  begin(isHead: boolean): void {
    this.#phase = 'start';
    this.#isHead = isHead;
    this.#head = undefined;
    this.#budget = maxHead;
  }

  /** As if `head` had been read, which ends at `end`. */
  skipHead(head: AnswerHead, end: number): void {
    this.#take(head, end);
  }

  /** Nothing of the answer was read. */
  get isFresh(): boolean {
    return this.#phase === 'start' && this.#heldLength === 0 && this.#budget === maxHead;
  }

  /** Reads `bytes` until the answer is whole; returns where that is, or `end`. Throws `RequestError`. */
  read(bytes: Buffer, at: number, end: number): number {
    let next = at;
    while (next < end) {
      switch (this.#phase) {
        case 'done':
          return next;
        case 'length':
        case 'chunk': {
          const stop = Math.min(end, next + this.#left);
          this.#left -= stop - next;
          if (this.#left === 0) this.#phase = this.#phase === 'chunk' ? 'cr' : 'done';
          this.#reader.onBody(bytes, next, stop);
          next = stop;
          break;
        }
        case 'close':
          this.#reader.onBody(bytes, next, end);
          return end;
        case 'cr':
        case 'lf':
          if (bytes[next++] !== (this.#phase === 'cr' ? 13 : 10)) throw malformed('Expected LF after chunk data');
          this.#phase = this.#phase === 'cr' ? 'lf' : 'size';
          break;
        default:
          next = this.#readLines(bytes, next, end);
      }
    }
    return next;
  }

  /** The server has sent its last byte: whether the answer is whole with that. */
  end(): boolean {
    if (this.#phase !== 'close') return false;
    this.#phase = 'done';
    return true;
  }

  /** Forgets what was begun. */
  reset(): void {
    this.#phase = 'done';
    this.#heldLength = 0;
    this.#held = undefined;
  }

  /** Reads lines until something else than a line comes next, or the bytes are over; returns where it stopped. */
  #readLines(bytes: Buffer, at: number, end: number): number {
    const before = this.#heldLength;
    let work = bytes;
    let start = at;
    let stop = end;
    if (before > 0) {
      work = this.#hold(bytes, at, end);
      start = 0;
      stop = this.#heldLength;
    }
    let lineAt = before > 0 ? this.#lineAt : start;
    let search = before > 0 ? this.#searched : start;
    const isSize = this.#phase === 'size';
    const limit = isSize ? maxChunkLine : this.#budget;
    for (;;) {
      while (search < stop && work[search] !== 10) search++;
      if (search - start > limit) throw tooLong();
      if (search >= stop) break;
      if (this.#phase === 'start') checkStart(work, lineAt, search + 1);
      if (search === lineAt || work[search - 1] !== 13) throw malformed('Missing expected CR before LF');
      const isOver = this.#line(work, start, lineAt, search - 1);
      search++;
      lineAt = search;
      if (!isOver) continue;
      if (!isSize) this.#budget -= search - start;
      this.#heldLength = 0;
      this.#held = undefined;
      return before > 0 ? at + search - before : search;
    }
    if (this.#phase === 'start') checkStart(work, lineAt, stop);
    if (before === 0) this.#hold(bytes, at, end);
    this.#lineAt = lineAt - start;
    this.#searched = search - start;
    return end;
  }

  /** Reads one line; true if a head, a size or a trailer section ends with it. `start`: where that began. */
  #line(work: Buffer, start: number, at: number, end: number): boolean {
    switch (this.#phase) {
      case 'start':
        this.#lines.startLine(work, at, end);
        this.#phase = 'headers';
        return false;
      case 'headers':
        if (at < end) {
          this.#lines.header(work, at, end);
          return false;
        }
        this.#endHead(work, start, at, this.#heldLength === 0 && start === 0 ? end + 2 : 0);
        return true;
      case 'size': {
        this.#left = chunkSize(work, at, end);
        this.#phase = this.#left > 0 ? 'chunk' : 'trailer';
        return true;
      }
      default:
        if (at < end) {
          headerColon(work, at, end);
          return false;
        }
        this.#phase = 'done';
        return true;
    }
  }

  #endHead(work: Buffer, start: number, end: number, size: number): void {
    const { status } = this.#lines;
    // RFC 9110, 15.2: any number of interim answers, asked for or not. We never ask for another protocol.
    if (status === 101) throw malformed('Unexpected switch of protocols');
    const head = this.#lines.head(work, start, end, this.#isHead);
    if (status >= 200) return this.#take(head, size);
    this.#phase = 'start';
    if (status === 100) this.#reader.onContinue();
  }

  #take(head: AnswerHead, end: number): void {
    this.#head = head;
    this.#left = head.length;
    if (head.kind === 'chunked') this.#phase = 'size';
    else if (head.kind === 'close') this.#phase = 'close';
    else this.#phase = head.kind === 'length' && head.length > 0 ? 'length' : 'done';
    this.#reader.onHead(head, end);
  }

  #hold(bytes: Buffer, at: number, end: number): Buffer {
    const length = this.#heldLength + end - at;
    let held = this.#held;
    if (held === undefined || held.length < length) {
      held = Buffer.allocUnsafe(Math.max(1024, length * 2));
      this.#held?.copy(held, 0, 0, this.#heldLength);
      this.#held = held;
    }
    bytes.copy(held, this.#heldLength, at, end);
    this.#heldLength = length;
    return held;
  }
}

function tooLong(): RequestError {
  return new RequestError('HeadersOverflowError', 'The headers of the answer are too long');
}
