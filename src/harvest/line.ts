import { type EventSink, eventKinds } from './event.ts';
import { Clock } from './moment.ts';

/** What a line was: it told of a payload, it is none of ours, or it is one of ours that cannot be read. */
export type LineVerdict = 'told' | 'other' | 'torn';

const words = eventKinds.join('|');
/** Anywhere in a line: what stands before and after is the logger's, kubectl's, or JSON. */
const event = new RegExp(
  `(?<![\\w-])(${words}) (\\S{1,256}) payload (\\d{1,15}) at (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d{1,9}))?Z` +
    '(?: took (\\d{1,9}(?:\\.\\d{1,9})?) ms)?(?!\\w)',
  'g',
);
/**
 * The beginning of such a line. `received` or `lost` alone may stand in any other one, and `payload ?` is what the
 * application says of a payload of another kind.
 */
const beginning = new RegExp(
  `(?<![\\w-])(?:(?:${words}) \\S+ payload\\b(?! \\?)|(?:publishing|echoed) \\S+ pay(?!load \\?)|(?:publishing|echoed) \\S+(?: pa?)?$)`,
);
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');
const kinds: ReadonlyMap<string, number> = new Map(eventKinds.map((kind, at) => [kind, at]));
const echoed = eventKinds.indexOf('echoed');

/** Finds in lines what they tell of payloads, and hands it to a sink. */
export class LineReader {
  readonly #sink: EventSink;
  readonly #clock = new Clock();

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  /** A line without its end. A line that lost its end, and so holds two events, tells both. */
  read(line: string): LineVerdict {
    // colours of `docker compose logs`
    const text = line.includes('\u001b') ? line.replace(escapes, '') : line;
    let verdict: LineVerdict = 'other';
    let from = 0;
    event.lastIndex = 0;
    for (let match = event.exec(text); match !== null; match = event.exec(text)) {
      if (!this.#take(match)) return 'torn';
      verdict = 'told';
      from = event.lastIndex;
    }
    return beginning.test(from === 0 ? text : text.slice(from)) ? 'torn' : verdict;
  }

  #take([, word = '', device = '', number = '', second = '', fraction, took]: RegExpExecArray): boolean {
    const kind = kinds.get(word);
    const time = this.#clock.read(second, fraction);
    if (kind === undefined || time === undefined || (kind === echoed && took === undefined)) return false;
    this.#sink.add(kind, device, Number(number), time, kind === echoed ? Math.round(Number(took) * 1000) : 0);
    return true;
  }
}
