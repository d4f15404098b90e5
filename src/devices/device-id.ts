/**
 * Whether a device can have this name: it is a level of MQTT topics and a field of CSV, so blanks, slashes, wildcards,
 * commas and quotes are out. No key passes for one.
 */
export function isDeviceId(id: string): boolean {
  return id.length <= 255 && /^[^\s/+#,"'\p{C}]+$/u.test(id) && !id.startsWith('---');
}

/** `LTK00001` … for the numbers from `first` to `last`; numbers with more digits are written in full. */
export function deviceIds(prefix: string, digits: number, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, at) => prefix + String(first + at).padStart(digits, '0'));
}

/** How ids are told to people: `LTK00001..LTK00005, LTK00009`, at most `most` parts of them. */
export function spans(ids: readonly string[], most = 5): string {
  const parts: [first: string, last: string][] = [];
  for (const id of ids) {
    const part = parts.at(-1);
    if (part !== undefined && isNext(part[1], id)) part[1] = id;
    else parts.push([id, id]);
  }
  const told = parts.slice(0, most).map(([first, last]) => (first === last ? first : `${first}..${last}`));
  return parts.length > most ? `${told.join(', ')} …` : told.join(', ');
}

const numbered = /^(.*?)(\d{1,15})$/;

function isNext(before: string, id: string): boolean {
  const [, prefix, number] = numbered.exec(before) ?? [];
  const [, nextPrefix, next] = numbered.exec(id) ?? [];
  return prefix !== undefined && prefix === nextPrefix && Number(next) === Number(number) + 1;
}
