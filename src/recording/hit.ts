// Production logs in, a user file out: what clients asked for, how often, in which order and with which pauses.

/** One request, as a log tells it. Times in epoch ms. */
export interface Hit {
  readonly method: string;
  /** Path and query as they were sent, or a whole URL. */
  readonly target: string;
  /** 0 if the log does not say. */
  readonly status: number;
  readonly startedAt: number;
  /** As `startedAt` if the log does not say how long it took. */
  readonly endedAt: number;
  /** Who asked: address and user agent. */
  readonly client: string;
}

/** A line of a log: a hit, or why it is none. */
export type Line = Hit | string;

/** Reads one line. */
export type LineReader = (line: string) => Line;

const methodText = /^[A-Z][A-Z-]{1,19}$/;

/** Method and target of `GET /path HTTP/1.1`; a target may hold blanks, as broken clients send them. */
export function requestLine(text: string): { readonly method: string; readonly target: string } | undefined {
  const first = text.indexOf(' ');
  if (first < 0) return undefined;
  const last = text.lastIndexOf(' ');
  const end = last > first && text.startsWith('HTTP/', last + 1) ? last : text.length;
  const method = text.slice(0, first);
  return isMethod(method) ? { method, target: text.slice(first + 1, end) } : undefined;
}

/** Whether it is a method that a request can have. */
export function isMethod(text: string): boolean {
  return methodText.test(text);
}
