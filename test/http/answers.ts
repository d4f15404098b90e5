// Answers of servers, right and wrong, from the literature on request smuggling and response splitting.
import { extras, heads, statuses } from './heads.ts';
import { type Answer, chunked, length, ok, type Row, shown } from './rows.ts';

const framing: readonly Row[] = [
  ['content-length', `${ok}${length('hello')}`, 'right'],
  ['content-length in capitals', `${ok}CONTENT-LENGTH: 5\r\n\r\nhello`, 'right'],
  ['content-length 0', `${ok}${length('')}`, 'right'],
  ['content-length with zeros in front', `${ok}content-length: 00005\r\n\r\nhello`, 'right'],
  ['content-length without a blank', `${ok}content-length:5\r\n\r\nhello`, 'right'],
  ['content-length between blanks and tabs', `${ok}content-length: \t5\t \r\n\r\nhello`, 'right'],
  ['content-length twice, the same', `${ok}content-length: 5\r\ncontent-length: 5\r\n\r\nhello`, 'strict'],
  ['content-length twice, not the same', `${ok}content-length: 5\r\ncontent-length: 3\r\n\r\nhello`, 'wrong'],
  ['content-length as a list of the same', `${ok}content-length: 5, 5\r\n\r\nhello`, 'strict'],
  ['content-length as a list', `${ok}content-length: 5, 3\r\n\r\nhello`, 'wrong'],
  ['content-length with a plus', `${ok}content-length: +5\r\n\r\nhello`, 'wrong'],
  ['content-length with a minus', `${ok}content-length: -5\r\n\r\nhello`, 'wrong'],
  ['content-length in hex', `${ok}content-length: 0x5\r\n\r\nhello`, 'wrong'],
  ['content-length as a fraction', `${ok}content-length: 5.0\r\n\r\nhello`, 'wrong'],
  ['content-length with an exponent', `${ok}content-length: 5e0\r\n\r\nhello`, 'wrong'],
  ['content-length with a blank inside', `${ok}content-length: 1 1\r\n\r\nhello world`, 'wrong'],
  ['content-length of no digits', `${ok}content-length: \r\n\r\nhello`, 'wrong'],
  ['content-length in words', `${ok}content-length: five\r\n\r\nhello`, 'wrong'],
  ['content-length beyond 2^64', `${ok}content-length: 18446744073709551621\r\n\r\nhello`, 'wrong'],
  ['content-length beyond 2^53', `${ok}content-length: 9007199254740997\r\n\r\nhello`, 'wrong'],
  ['content-length with NUL', `${ok}content-length: 5\0\r\n\r\nhello`, 'wrong'],
  ['content-length with a vertical tab', `${ok}content-length:\x0b5\r\n\r\nhello`, 'wrong'],
  ['content-length folded', `${ok}content-length:\r\n 5\r\n\r\nhello`, 'strict'],
  ['content-length folded to more', `${ok}content-length: 5\r\n 5\r\n\r\nhello`, 'wrong'],
  ['an end before the length', `${ok}content-length: 10\r\n\r\nhello`, 'wrong'],
  ['an end at the close', `${ok}\r\nhello until the end`, 'right'],
  ['an end at the close, nothing', `${ok}\r\n`, 'right'],
  ['an end in the head', `${ok}content-le`, 'wrong'],
  ['an end after the head of a chunked body', `${ok}${chunked}`, 'wrong'],
  ['nothing at all', '', 'wrong'],
  ['an empty line', '\r\n', 'wrong'],
  ['both, length first', `${ok}content-length: 5\r\n${chunked}5\r\nhello\r\n0\r\n\r\n`, 'strict'],
  [
    'both, chunked first',
    `${ok}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    'strict',
  ],
];

const codings: readonly Row[] = [
  ['chunked', `${ok}${chunked}5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`, 'right'],
  ['chunked in capitals', `${ok}Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, 'right'],
  ['chunked of nothing', `${ok}${chunked}0\r\n\r\n`, 'right'],
  ...['xchunked', 'chunkedx', 'chunke', '"chunked"', "'chunked'", 'chunked;q=1', 'identity', '', ',', 'cow'].map(
    (coding): Row => [`coding ${coding}`, `${ok}transfer-encoding: ${coding}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, 'wrong'],
  ),
  ...['gzip, chunked', 'chunked, chunked', 'chunked, identity', 'identity, chunked', ', chunked', 'chunked,'].map(
    (coding): Row => [`coding ${coding}`, `${ok}transfer-encoding: ${coding}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, 'strict'],
  ),
  ['chunked and a tab', `${ok}transfer-encoding: chunked\t\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, 'right'],
  ['chunked and blanks', `${ok}transfer-encoding:  chunked  \r\n\r\n5\r\nhello\r\n0\r\n\r\n`, 'right'],
  ...['\x0b', '\x0c', '\0', '\x01', '\x7f', '\xa0'].flatMap((letter): Row[] => [
    [
      `chunked after ${shown(letter)}`,
      `${ok}transfer-encoding:${letter}chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
      'wrong',
    ],
    [
      `chunked before ${shown(letter)}`,
      `${ok}transfer-encoding: chunked${letter}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
      'wrong',
    ],
  ]),
  ['chunked twice', `${ok}transfer-encoding: chunked\r\n${chunked}5\r\nhello\r\n0\r\n\r\n`, 'strict'],
  [
    'chunked, then identity',
    `${ok}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    'strict',
  ],
  ['chunked folded', `${ok}transfer-encoding:\r\n chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, 'strict'],
  ['chunked with a blank before the colon', `${ok}transfer-encoding : chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, 'wrong'],
  [
    'chunked in a name with a blank in front',
    `${ok} transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    'wrong',
  ],
  ['chunked behind a bare CR', `${ok}x: y\rtransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, 'wrong'],
  ['chunked in HTTP/1.0', `HTTP/1.0 200 OK\r\n${chunked}5\r\nhello\r\n0\r\n\r\n`, 'wrong'],
];

const sizes: readonly Row[] = (
  [
    ['in capitals', '5', 'right'],
    ['with zeros in front', '0005', 'right'],
    ['with an extension', '5;a', 'right'],
    ['with an extension and a value', '5;a=b', 'right'],
    ['with an extension in quotes', '5;a="b c;d"', 'right'],
    ['with two extensions', '5;a=b;c=d', 'right'],
    ['with blanks before an extension', '5 ; a', 'right'],
    ['with a blank in front', ' 5', 'wrong'],
    ['with a blank behind', '5 ', 'strict'],
    ['with a tab behind', '5\t', 'strict'],
    ['with a plus', '+5', 'wrong'],
    ['with a minus', '-5', 'wrong'],
    ['with 0x', '0x5', 'wrong'],
    ['with an underscore', '0_5', 'wrong'],
    ['of no digits', '', 'wrong'],
    ['of other letters', 'g', 'wrong'],
    ['beyond 2^64', '10000000000000005', 'wrong'],
    ['beyond 2^53', '20000000000005', 'wrong'],
    ['with NUL', '5\0', 'wrong'],
    ['with CR in an extension', '5;a\rb', 'wrong'],
    ['with NUL in an extension', '5;a\0b', 'wrong'],
    ['with no name of an extension', '5;', 'strict'],
    ['too small', '4', 'wrong'],
    ['too large', '6', 'wrong'],
  ] as const
).map(([what, size, is]): Row => [`a chunk size ${what}`, `${ok}${chunked}${size}\r\nhello\r\n0\r\n\r\n`, is]);

const chunks: readonly Row[] = [
  ['a bare LF after a chunk size', `${ok}${chunked}5\nhello\r\n0\r\n\r\n`, 'wrong'],
  ['a bare CR after a chunk size', `${ok}${chunked}5\rhello\r\n0\r\n\r\n`, 'wrong'],
  ['a bare LF after a chunk', `${ok}${chunked}5\r\nhello\n0\r\n\r\n`, 'wrong'],
  ['a bare CR after a chunk', `${ok}${chunked}5\r\nhello\r0\r\n\r\n`, 'wrong'],
  ['no end of line after a chunk', `${ok}${chunked}5\r\nhello0\r\n\r\n`, 'wrong'],
  ['a bare LF at the end of a chunked body', `${ok}${chunked}5\r\nhello\r\n0\r\n\n`, 'wrong'],
  ['a bare LF after the last size', `${ok}${chunked}5\r\nhello\r\n0\n\r\n`, 'wrong'],
  ['an end within a chunk', `${ok}${chunked}5\r\nhel`, 'wrong'],
  ['an end after a chunk', `${ok}${chunked}5\r\nhello\r\n`, 'wrong'],
  ['an end before the last empty line', `${ok}${chunked}5\r\nhello\r\n0\r\n`, 'wrong'],
  ['a trailer', `${ok}${chunked}5\r\nhello\r\n0\r\nx-sum: 1\r\n\r\n`, 'right'],
  ['a trailer that would frame', `${ok}${chunked}5\r\nhello\r\n0\r\ncontent-length: 100\r\n\r\n`, 'right'],
  ['a trailer that would set a cookie', `${ok}${chunked}5\r\nhello\r\n0\r\nset-cookie: a=1\r\n\r\n`, 'right'],
  ['a trailer that is none', `${ok}${chunked}5\r\nhello\r\n0\r\nwhat\r\n\r\n`, 'wrong'],
  ['a trailer with NUL', `${ok}${chunked}5\r\nhello\r\n0\r\nx: a\0b\r\n\r\n`, 'wrong'],
  ['an end within a trailer', `${ok}${chunked}5\r\nhello\r\n0\r\nx-su`, 'wrong'],
];

function rowsOf(rows: readonly Row[]): readonly Answer[] {
  return rows.map(([what, bytes, is, method]) => ({ what, bytes, is, ...(method === undefined ? {} : { method }) }));
}

/** Each of which stands for a trick that has worked somewhere. */
export const handMade: readonly Answer[] = rowsOf([...framing, ...codings, ...sizes, ...chunks, ...heads, ...statuses]);

/** Answers with bytes behind them that nobody asked for. */
export const withExtras: readonly Answer[] = rowsOf(extras);
