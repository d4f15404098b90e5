// Numbers and texts as Python writes them: what reads Locust's tables and files by program reads katydid's, too.

/** A float as Python's `str`: `5.0`, `0.1`, `1e-05`. */
export function floatText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e16) return `${value}.0`;
  if (size >= 1e-4 && size < 1e16) return String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
}

/** `%.2f`: unlike `toFixed`, a number that lies exactly between two goes to the even one. */
export function fixed(value: number, digits: number): string {
  const halves = value * 2 ** (digits + 1);
  if (!Number.isInteger(halves) || halves % 2 === 0) return value.toFixed(digits);
  const below = Math.floor((halves * 5 ** digits) / 2);
  return ((below % 2 === 0 ? below : below + 1) / 10 ** digits).toFixed(digits);
}

/** `%d` of a float: cut off, not rounded. */
export function whole(value: number): string {
  return Math.trunc(value).toFixed(0);
}

/** `%-8s`: Python counts code points. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - lengthOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - lengthOf(text))) + text;
}

function lengthOf(text: string): number {
  let { length } = text;
  for (const _ of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) length--;
  return length;
}

/** Python's order of texts: by code points, where JavaScript compares halves of surrogate pairs. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = rankOf(a.charCodeAt(at)) - rankOf(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Surrogates stand for the code points above all others. */
const rankOf = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** The text of which `repr` is Python's `repr`; undefined if it is none. */
export function textOfRepr(repr: string): string | undefined {
  const quote = repr[0];
  if (repr.length < 2 || (quote !== "'" && quote !== '"') || repr.at(-1) !== quote) return undefined;
  return repr.slice(1, -1).replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g, (_, x, u, long, char) => {
    if (char === undefined) return String.fromCodePoint(Number.parseInt(x ?? u ?? long, 16));
    return escapes.get(char) ?? char;
  });
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
