import type { TemplateValues } from '../../devices/template.ts';

/** Longer texts are no names; nor are they worth a search. */
const longest = 8192;

/** What stands in braces unless told otherwise. No wildcard can hide in what becomes part of a topic. */
const name = /[^/+#]+?/;
/** Anything but nothing. */
export const anyText: RegExp = /[\s\S]+?/;

/**
 * What stands in the braces of a template where it reads like this text, together with what is known of them already;
 * undefined if the text is not of that form, or contradicts what is known. The way back from `fillIn`. `gap` is what may
 * stand there if nothing is known.
 *
 * @example bindingOf('devices/{device}', 'devices/LTK00001', {}) // { device: 'LTK00001' }
 */
export function bindingOf(
  template: string,
  text: string,
  known: TemplateValues,
  gap: RegExp = name,
): TemplateValues | undefined {
  if (text.length > longest) return undefined;
  const names: string[] = [];
  const pattern = template.replace(/\{(\w+)\}|[^{]+|\{/g, (part, brace?: string) => {
    if (brace === undefined) return escaped(part);
    const value = Object.hasOwn(known, brace) ? known[brace] : undefined;
    if (value !== undefined) return escaped(value);
    if (names.includes(brace)) return `\\${names.indexOf(brace) + 1}`;
    names.push(brace);
    return `(${gap.source})`;
  });
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (match === null) return undefined;
  return { ...known, ...Object.fromEntries(names.map((each, at) => [each, match[at + 1] ?? ''])) };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
