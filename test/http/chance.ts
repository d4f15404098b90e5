// Answers by chance: the same for the same seed.

/** Numbers from 0 up to 1 (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const statuses = [200, 200, 200, 201, 204, 206, 304, 400, 404, 500, 503];
const names = [
  'x-a',
  'X-B',
  'Server',
  'date',
  'content-type',
  'set-cookie',
  'etag',
  'vary',
  'connection',
  'keep-alive',
];
const values = [
  'a',
  'b c',
  '"q"',
  'a=1; Path=/',
  'text/plain',
  '',
  'close',
  'keep-alive',
  'timeout=60',
  'bl\xe5',
  '1, 2',
];
/** What a mutation puts in. */
const bits = [
  '\r',
  '\n',
  '\r\n',
  ' ',
  '\t',
  '\0',
  ':',
  ';',
  ',',
  '0',
  '5',
  'f',
  '-',
  '+',
  '\x0b',
  '\x7f',
  '\xff',
  '\r\n\r\n',
  ' \r\n',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  '0\r\n\r\n',
];

/** A right answer. */
export function rightAnswer(chance: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
  const body = Array.from({ length: Math.floor(chance() ** 3 * 300) }, () => String.fromCharCode(chance() * 256)).join(
    '',
  );
  const status = pick(statuses);
  const interim = chance() < 0.08 ? 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n' : '';
  let head = `${interim}HTTP/1.1 ${status} ${pick(['OK', 'Odd', ''])}\r\n`;
  for (let count = chance() * 5; count > 1; count--)
    head += `${pick(names)}:${pick([' ', '', '  '])}${pick(values)}\r\n`;
  const kind = chance();
  if (status === 204 || status === 304) return `${head}\r\n`;
  if (kind < 0.45) return `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
  if (kind > 0.9) return `${head}\r\n${body}`;
  head += 'Transfer-Encoding: chunked\r\n\r\n';
  for (let at = 0; at < body.length; ) {
    const size = Math.min(body.length - at, 1 + Math.floor(chance() * 60));
    head += `${size.toString(16)}${pick(['', '', ';a=b'])}\r\n${body.slice(at, at + size)}\r\n`;
    at += size;
  }
  return `${head}0\r\n${pick(['', '', 'x-sum: 1\r\n'])}\r\n`;
}

/** The same, broken once or more. */
export function broken(answer: string, chance: () => number): string {
  let text = answer;
  for (let count = 1 + Math.floor(chance() * 3); count > 0; count--) {
    // Mostly in the head, where the tricks are.
    const head = text.indexOf('\r\n\r\n') + 4;
    const at = Math.floor(chance() * (chance() < 0.8 && head > 3 ? head : text.length));
    const bit = bits[Math.floor(chance() * bits.length)] ?? '';
    const kind = chance();
    if (kind < 0.4) text = text.slice(0, at) + bit + text.slice(at);
    else if (kind < 0.6) text = text.slice(0, at) + text.slice(at + 1);
    else if (kind < 0.8) text = text.slice(0, at) + bit + text.slice(at + bit.length);
    else if (kind < 0.9) text = text.slice(0, at);
    else text = text.slice(0, at) + text.slice(at, at + 20) + text.slice(at);
  }
  return text;
}

/** Cut at random places. */
export function pieces(bytes: Buffer, chance: () => number): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + Math.floor(chance() ** 2 * bytes.length);
    cut.push(bytes.subarray(at, end));
    at = end;
  }
  return cut;
}
