/** What a byte may be part of, by RFC 9110 (5.1, 5.5, 5.6.2). */
const token = 1;
const value = 2;

const classes: Uint8Array = classify();

function classify(): Uint8Array {
  const table = new Uint8Array(256);
  for (let code = 0; code < 256; code++) {
    if (/[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(code))) table[code] = token | value;
    // Visible, blank, tab, and what is not ASCII; no other control characters, of which NUL, CR and LF are dangerous.
    else if (code === 0x09 || (code >= 0x20 && code !== 0x7f)) table[code] = value;
  }
  return table;
}

/** A letter of a header's name or of a method. */
export function isToken(code: number | undefined): boolean {
  return ((classes[code ?? 0] ?? 0) & token) !== 0;
}

/** Where `bytes` from `at` on stop being such as a header's value may have. */
export function valueEnd(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && ((classes[bytes[stop] ?? 0] ?? 0) & value) !== 0) stop++;
  return stop;
}

/** Where `bytes` from `at` on stop being letters of a name. */
export function tokenEnd(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && ((classes[bytes[stop] ?? 0] ?? 0) & token) !== 0) stop++;
  return stop;
}

/** Blank or tab. */
export function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x09;
}

/** Whether the letters from `at` on are those of `lower`, in whatever case. */
export function isWord(bytes: Uint8Array, at: number, end: number, lower: string): boolean {
  if (end - at !== lower.length) return false;
  for (let index = 0; index < lower.length; index++) {
    const code = bytes[at + index] ?? 0;
    if ((code >= 0x41 && code <= 0x5a ? code | 0x20 : code) !== lower.charCodeAt(index)) return false;
  }
  return true;
}
