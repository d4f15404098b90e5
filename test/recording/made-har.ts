// Recordings of a browser, made by hand.
const begin = Date.UTC(2026, 4, 12, 10, 0, 0);

export interface MadeEntry {
  readonly method?: string;
  readonly url: string;
  /** ms after the end of the one before; negative for at the same time. */
  readonly after?: number;
  readonly took?: number;
  readonly page?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly postData?: unknown;
  readonly type?: string;
}

/** The text of a HAR with these requests. */
export function harOf(entries: readonly MadeEntry[], pages: Readonly<Record<string, string>> = {}): string {
  let at = begin;
  const made = entries.map((entry) => {
    const {
      method = 'GET',
      url,
      after = 0,
      took = 100,
      page = 'p1',
      status = 200,
      headers = {},
      postData,
      type,
    } = entry;
    const startedAt = at + after;
    at = startedAt + took;
    const list = Object.entries({ Host: 'x', Cookie: 'sid=hidden-cookie', ...headers });
    return {
      ...{ pageref: page, startedDateTime: new Date(startedAt).toISOString(), time: took, _resourceType: type },
      request: { method, url, headers: list.map(([name, value]) => ({ name, value })), postData },
      response: { status, headers: [{ name: 'Set-Cookie', value: 'sid=hidden-set-cookie' }] },
    };
  });
  const titles = Object.entries(pages).map(([id, title]) => ({ id, title }));
  return JSON.stringify({ log: { version: '1.2', pages: titles, entries: made } }, undefined, 1);
}
