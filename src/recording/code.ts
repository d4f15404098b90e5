// Texts of any kind as TypeScript. Whatever a log holds comes into the file through here.
import type { UrlPart } from './call.ts';

/** Letters that cannot be seen, or that turn what is beside them around. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

const code = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text in single quotes. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replace(unseen, code)}'`;
}

/** A text that stands in a comment: on one line, and not able to end it. */
export function commented(text: string): string {
  return (
    text
      .replace(unseen, code)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\u0000-\u001f]/g, code)
      .replaceAll('*/', '*\\/')
  );
}

/** A name as a key of an object, in quotes only if it needs them. */
export function keyed(name: string): string {
  // As a plain key it would be no key, but the prototype.
  if (name === '__proto__') return `['__proto__']`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** A URL; `secretOf` says how a secret is written. */
export function urlCode(parts: readonly UrlPart[], secretOf: (label: string) => string): string {
  if (parts.every((part) => 'text' in part)) return quoted(parts.map((part) => part.text).join(''));
  let inner = '';
  let text = '';
  // Texts side by side are one: a dollar sign and a brace must meet before they are escaped.
  for (const part of [...parts, { text: '' } as const]) {
    if ('text' in part) text += part.text;
    const isLast = part === parts.at(-1);
    if ('text' in part && !isLast) continue;
    inner += templated(text);
    text = '';
    if ('variable' in part) inner += `\${${part.variable}}`;
    if ('secret' in part) inner += `\${encodeURIComponent(${secretOf(part.secret)})}`;
  }
  return `\`${inner}\``;
}

/** A text within back quotes. */
function templated(text: string): string {
  return quoted(text).slice(1, -1).replaceAll("\\'", "'").replaceAll('`', '\\`').replaceAll('${', '\\${');
}

/** Any plain data; `leaf` may write a value in another way. */
export function dataCode(value: unknown, indent: string, leaf?: (value: unknown) => string | undefined): string {
  const other = leaf?.(value);
  if (other !== undefined) return other;
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const isList = Array.isArray(value);
  const deeper = `${indent}  `;
  const items = isList
    ? value.map((item) => dataCode(item, deeper, leaf))
    : Object.entries(value).map(([key, item]) => `${keyed(key)}: ${dataCode(item, deeper, leaf)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) return `${open}${close}`;
  const pad = isList ? '' : ' ';
  const line = `${open}${pad}${items.join(', ')}${pad}${close}`;
  if (line.length + indent.length <= 100 && !line.includes('\n')) return line;
  return `${open}\n${items.map((item) => `${deeper}${item},`).join('\n')}\n${indent}${close}`;
}

/** A number with commas between thousands. */
export function counted(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

/** Short pieces of code in lines of 120 letters. */
export function packed(pieces: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const piece of pieces) {
    if (line.length + piece.length + 2 > 120 && line !== indent) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${piece}, `;
  }
  if (line !== indent) lines.push(line.trimEnd());
  return lines.join('\n');
}
