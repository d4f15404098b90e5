// Requests to a classifier over REST, and what each server must answer, to the letter.

/** One request with its answer. */
export interface RestCase {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string | Uint8Array;
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
  readonly allow?: string;
}

const wellBody = '{"text":"election"}';
const text = (value: string): string => JSON.stringify({ text: value });
const notAnObject = { status: 400, answer: { error: 'the body must be a JSON object' } };
const notAString = { status: 400, answer: { error: 'text must be a string' } };
const empty = { status: 400, answer: { error: 'text must not be empty' } };
const tooLong = { status: 400, answer: { error: 'text must not be longer than 16384 bytes' } };
const bodyTooLong = { status: 413, answer: { error: 'the body must not be longer than 65536 bytes' } };
const notFound = { status: 404, answer: { error: 'not found' } };
const notAllowed = { status: 405, answer: { error: 'method not allowed' } };
const category = (number: number) => ({ status: 200, answer: { category: number } });

/** A body of so many bytes whose text is `election`. */
const padded = (bytes: number): string => {
  const bare = '{"text":"election","more":""}';
  return bare.replace('""', `"${'x'.repeat(bytes - bare.length)}"`);
};

export const restCases: readonly RestCase[] = [
  { name: 'a text', body: wellBody, ...category(3) },
  { name: 'a query, which means nothing', path: '/predict?text=football', body: wellBody, ...category(3) },
  {
    name: 'blanks and other fields around it',
    body: ' \r\n\t{"a":[1,{}],"text":"election","b":null} ',
    ...category(3),
  },
  { name: 'the same field twice: the last one counts', body: '{"text":"football","text":"election"}', ...category(3) },
  { name: 'escaped letters', body: '{"text":"\\u0065lection \\ud83d\\ude00"}', ...category(3) },
  { name: 'half a surrogate pair', body: '{"text":"\\ud83d election"}', ...category(3) },
  { name: 'a number too long for most types', body: `{"text":"election","n":${'9'.repeat(5000)}}`, ...category(3) },
  { name: 'blanks that are not ASCII: no empty text', body: text('\u00a0\u2003\v\f'), ...category(0) },
  { name: '16,384 bytes of UTF-8', body: text(`election ${'ä'.repeat(8187)}x`), ...category(3) },
  { name: 'a body of 64 KiB', body: padded(65_536), ...category(3) },

  { name: 'no body', body: '', ...notAnObject },
  { name: 'no JSON', body: 'text=election', ...notAnObject },
  { name: 'half a JSON', body: '{"text":"election"', ...notAnObject },
  { name: 'a comma too many', body: '{"text":"election",}', ...notAnObject },
  { name: 'two JSONs', body: `${wellBody}${wellBody}`, ...notAnObject },
  { name: 'null', body: 'null', ...notAnObject },
  { name: 'a list', body: '["election"]', ...notAnObject },
  { name: 'a JSON text', body: '"election"', ...notAnObject },
  { name: 'NaN, which is no JSON', body: '{"text":NaN}', ...notAnObject },
  { name: 'a line break in a JSON text', body: '{"text":"a\nb"}', ...notAnObject },
  { name: 'a byte order mark', body: `\ufeff${wellBody}`, ...notAnObject },
  { name: 'bytes that are no UTF-8', body: Buffer.from('{"text":"\xe4lection"}', 'latin1'), ...notAnObject },

  { name: 'no text', body: '{}', ...notAString },
  { name: 'a key in upper case', body: '{"TEXT":"election"}', ...notAString },
  { name: 'a text that is null', body: '{"text":null}', ...notAString },
  { name: 'a text that is a number', body: '{"text":12}', ...notAString },
  { name: 'a text that is a list', body: '{"text":["election"]}', ...notAString },
  { name: 'an inherited name', body: '{"__proto__":{"text":"election"}}', ...notAString },
  { name: 'an empty text', body: '{"text":""}', ...empty },
  { name: 'a text of blanks', body: text(' \t\r\n '), ...empty },
  { name: 'a byte too many', body: text('x'.repeat(16_385)), ...tooLong },
  { name: 'a byte of UTF-8 too many', body: text(`${'ä'.repeat(8192)}x`), ...tooLong },
  { name: 'a body of a byte too many', body: padded(65_537), ...bodyTooLong },

  { name: 'another path', path: '/', method: 'GET', ...notFound },
  { name: 'a path below', path: '/predict/', body: wellBody, ...notFound },
  { name: 'the pages of FastAPI', path: '/docs', method: 'GET', ...notFound },
  { name: 'GET', method: 'GET', ...notAllowed, allow: 'POST' },
  { name: 'PUT', method: 'PUT', body: wellBody, ...notAllowed, allow: 'POST' },
  { name: 'health', path: '/healthz', method: 'GET', status: 200, answer: { status: 'ok' } },
  { name: 'health by POST', path: '/healthz', body: '', ...notAllowed, allow: 'GET, HEAD' },
];

/** What a server answers, in the words of the cases. */
export async function ask(url: string, { method = 'POST', path = '/predict', body }: RestCase): Promise<unknown> {
  const response = await fetch(`${url}${path}`, { method, body: method === 'GET' ? null : (body ?? null) });
  const allow = response.headers.get('allow');
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    ...(allow === null ? {} : { allow: allow.split(/, */).sort().join(', ') }),
    answer: await response.json(),
  };
}

/** What it must answer. */
export const expectedOf = ({ status, answer, allow }: RestCase): unknown => ({
  status,
  type: 'application/json',
  ...(allow === undefined ? {} : { allow }),
  answer,
});

/** The categories of texts, asked for over eight connections. */
export async function categoriesOverRest(url: string, texts: readonly string[]): Promise<readonly number[]> {
  const categories: number[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < texts.length) {
      const at = next++;
      const response = await fetch(`${url}/predict`, { method: 'POST', body: text(texts[at] ?? '') });
      categories[at] = ((await response.json()) as { category: number }).category;
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return categories;
}
