import { UsageError } from '../errors.ts';

/** What stands in braces in the texts of a platform, by name: `{project}`. */
export type TemplateValues = Readonly<Record<string, string>>;

const gap = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;

/** The names that stand in braces in this text. */
export function namesIn(template: string): string[] {
  return [...template.matchAll(gap)].map((match) => match[1] ?? '');
}

/**
 * Fills a template in. What is filled in is not looked through again. A value that is missing is a `UsageError`.
 *
 * @example fillIn('/devices/{device}/events', { device: 'LTK00001' })
 */
export function fillIn(template: string, values: TemplateValues): string {
  if (!template.includes('{')) return template;
  return template.replace(gap, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new UsageError(`'${template}' needs a value for {${name}}`);
    return value;
  });
}
