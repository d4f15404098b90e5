// The form of the answers that are made by hand, and what many of them begin with.

/** One answer, and what RFC 9112 makes of it; `strict` where it leaves a choice and the safe one is taken. */
export interface Answer {
  readonly what: string;
  readonly bytes: string;
  readonly is: 'right' | 'wrong' | 'strict';
  readonly method?: string;
}

export type Row = readonly [what: string, bytes: string, is: Answer['is'], method?: string];

export const ok = 'HTTP/1.1 200 OK\r\n';
export const length = (body: string): string => `content-length: ${body.length}\r\n\r\n${body}`;
export const chunked = 'transfer-encoding: chunked\r\n\r\n';

/** A letter, or its code. */
export function shown(letter: string): string {
  return letter < '!' || letter > '~' ? `0x${letter.charCodeAt(0).toString(16).padStart(2, '0')}` : letter;
}
