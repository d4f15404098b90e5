import { UsageError } from '../errors.ts';
import type { EventSink } from './event.ts';
import { LineReader } from './line.ts';
import { LineCutter } from './line-cutter.ts';
import { type LogSource, unpacked } from './source.ts';

/** A line that tells of a payload, but cannot be read. */
export interface TornLine {
  readonly source: string;
  readonly line: number;
  /** Its beginning, without control characters. */
  readonly text: string;
}

/** What became of the lines. */
export interface LineCounts {
  readonly total: number;
  /** Told of payloads. */
  readonly told: number;
  readonly others: number;
  readonly torn: number;
}

const shownTorn = 5;
const shownLetters = 160;
const control = /\p{Cc}/gu;

/** Reads logs one after the other, and hands what they tell of payloads to a sink. */
export class LogReading {
  readonly #reader: LineReader;
  #lines = 0;
  #told = 0;
  #torn = 0;
  /** The first few. */
  readonly tornLines: TornLine[] = [];
  /** What was read to no good end, and why. */
  readonly broken: string[] = [];

  constructor(sink: EventSink) {
    this.#reader = new LineReader(sink);
  }

  get counts(): LineCounts {
    const [total, told, torn] = [this.#lines, this.#told, this.#torn];
    return { total, told, others: total - told - torn, torn };
  }

  /** `onProgress` is called now and then. What is packed and cut off is read as far as it goes. */
  async read(source: LogSource, onProgress: () => void = () => {}): Promise<void> {
    const before = this.#lines;
    const cutter = new LineCutter((line) => this.#take(line, source, before));
    try {
      for await (const chunk of unpacked(source)) {
        cutter.push(chunk);
        onProgress();
      }
    } catch (thrown) {
      const { code = '', message } = thrown as NodeJS.ErrnoException;
      if (thrown instanceof UsageError) throw thrown;
      if (!code.startsWith('Z_')) {
        throw new UsageError(`${source.name} cannot be read: ${message}`, { cause: thrown });
      }
      this.broken.push(`${source.name} was read up to where it is damaged (gzip: ${message})`);
    }
    cutter.end();
  }

  #take(line: string, source: LogSource, before: number): void {
    this.#lines++;
    const verdict = this.#reader.read(line);
    if (verdict === 'told') this.#told++;
    if (verdict !== 'torn') return;
    this.#torn++;
    if (this.tornLines.length >= shownTorn) return;
    const text = Buffer.from(line.slice(0, shownLetters), 'latin1').toString().replace(control, '·');
    this.tornLines.push({ source: source.name, line: this.#lines - before, text });
  }
}
