import { isIP } from 'node:net';
import { type Line, type LineReader, requestLine } from './hit.ts';
import { steadyTime } from './log-time.ts';

const statusAndBytes = / +(\d{3}|-)(?= |$)(?: +(\d+|-)(?= |$))?/y;
const seconds = /(?:^|[ =])(\d+\.\d{3})(?= |$)/;
const addresses = /^[0-9a-fA-F.:]+(?:, *[0-9a-fA-F.:]+)*$/;

/**
 * Reads the lines of Apache's and nginx's access logs: common, combined, with a virtual host in front, with
 * `$http_x_forwarded_for` and `$request_time` behind.
 */
export function accessLines(): LineReader {
  const time = steadyTime();
  return (line) => {
    const open = line.indexOf(' [');
    const close = line.indexOf(']', open);
    if (open < 0 || close < 0) return 'no time in [ ]';
    const writtenAt = time(line.slice(open + 2, close));
    if (writtenAt === undefined) return 'a time that is none';
    const quotes = new Quotes(line, close + 1);
    const request = quotes.next();
    if (request === undefined) return 'no request in quotes';
    const asked = requestLine(request);
    if (asked === undefined) return 'a request line that is none';
    statusAndBytes.lastIndex = quotes.at;
    const found = statusAndBytes.exec(line);
    if (found === null) return 'no status after the request';
    quotes.at = statusAndBytes.lastIndex;
    quotes.next(); // the referrer
    const agent = quotes.next() ?? '';
    return hitOf(asked, Number(found[1]) || 0, writtenAt, addressOf(line.slice(0, open)), agent, quotes);
  };
}

function hitOf(
  asked: { readonly method: string; readonly target: string },
  status: number,
  writtenAt: number,
  address: string,
  agent: string,
  quotes: Quotes,
): Line {
  const more = quotes.next();
  // Behind a load balancer all lines have its address; whom it speaks for stands behind.
  const client = more !== undefined && addresses.test(more) ? (more.split(',')[0] ?? address) : address;
  const took = quotes.at < quotes.line.length ? seconds.exec(quotes.line.slice(quotes.at)) : null;
  // nginx writes a line when the request has ended.
  const startedAt = writtenAt - (took === null ? 0 : Number(took[1]) * 1000);
  const { method, target } = asked;
  return { method, target, status, startedAt, endedAt: writtenAt, client: `${client} ${agent}` };
}

/** The address in `address ident user`, or in `host:port address ident user`. */
function addressOf(front: string): string {
  const space = front.indexOf(' ');
  const second = front.indexOf(' ', space + 1);
  if (front.indexOf(' ', second + 1) < 0) return space < 0 ? front : front.slice(0, space);
  const [host = '', address = ''] = front.split(' ', 2);
  return isIP(host) === 0 && isIP(address) !== 0 ? address : host;
}

/** The texts in double quotes of a line, one after the other. */
class Quotes {
  readonly line: string;
  /** Where the search goes on. */
  at: number;

  constructor(line: string, at: number) {
    this.line = line;
    this.at = at;
  }

  /** The next one, unescaped; undefined if there is none that follows at once. */
  next(): string | undefined {
    const { line } = this;
    let from = this.at;
    while (line.charCodeAt(from) === 0x20) from++;
    if (line.charCodeAt(from) !== 0x22) return undefined;
    let end = line.indexOf('"', from + 1);
    while (end > 0 && isEscaped(line, end)) end = line.indexOf('"', end + 1);
    if (end < 0) return undefined;
    this.at = end + 1;
    const text = line.slice(from + 1, end);
    return text.includes('\\') ? unescaped(text) : text;
  }
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(line: string, at: number): boolean {
  let from = at;
  while (line.charCodeAt(from - 1) === 0x5c) from--;
  return (at - from) % 2 === 1;
}

const letters = new Map([...'nrtbvf'].map((letter, at) => [letter, '\n\r\t\b\v\f'[at] ?? '']));

/** nginx writes a byte as `\x22`, Apache also as `\"` and `\n`. */
function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_, hex: string | undefined, letter = '') =>
    hex === undefined ? (letters.get(letter) ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
