import { decoded } from './target.ts';

/** What an identifier looks like, whatever it identifies. */
const shapes: readonly RegExp[] = [
  /^[-+]?\d+$/, // a number
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, // a UUID
  /^(?=.*\d)[0-9a-f]{8,}$/i, // hexadecimal
  /^(?=.*\d)[0-9A-HJKMNP-TV-Z]{26}$/i, // a ULID
  /^\d{4}-\d{2}(?:-\d{2})?(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/, // a month, a day, a time
  /^-?\d+\.\d+,-?\d+\.\d+$/, // a place on the map
  /^[^@\s/]+@[^@\s/]+\.[^@\s/.]+$/, // an address of a mailbox
  /^[A-Za-z]{1,12}[-_]\d{2,}$/, // order-1234
  /^[a-z]{2,8}_(?=.*\d)[A-Za-z0-9]{10,}$/, // cus_9f8a7b6c5d
  /^(?=.*\d.*\d)(?=.*[a-z])(?=.*[A-Z])[\w-]{10,}={0,2}$/, // base64, and short forms of it
];
const ending = /^(.+)(\.[a-zA-Z][a-zA-Z0-9]{0,4})$/;

/**
 * If a part of a path is an identifier by its looks: what follows the identifier in it, as `.json` in `123.json`, most
 * often nothing. Undefined if it is none.
 */
export function afterId(segment: string): string | undefined {
  // All shapes but that of a mailbox have a digit.
  if (!/[0-9@]/.test(segment)) return undefined;
  const text = decoded(segment);
  if (isId(text)) return '';
  const [, stem, suffix] = ending.exec(text) ?? [];
  return stem !== undefined && isId(stem) ? suffix : undefined;
}

function isId(text: string): boolean {
  return shapes.some((shape) => shape.test(text));
}

/** The ending of a file's name, with its dot; empty if there is none. */
export function endingOf(segment: string): string {
  return ending.exec(segment)?.[2] ?? '';
}

/** Whether it is one plain word, or two: what a route is called, more often than what a thing is called. */
export function isWord(segment: string): boolean {
  return segment.length <= 20 && /^[a-z]+(?:[-_.][a-z]+)?$/i.test(segment);
}

/** Whether it is a title made fit for a URL: `how-to-test-a-server`. */
export function isSlug(segment: string): boolean {
  return /^[a-z0-9%]+(?:[-_][a-z0-9%]+){2,}/i.test(segment);
}

const assets =
  /\.(?:css|m?js|map|png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wasm)$|\/(?:robots\.txt|site\.webmanifest|manifest\.json)$/i;

/** Whether a path is that of a file that does not change: a picture, a script, a font. */
export function isAsset(path: string): boolean {
  return assets.test(path);
}
