import type { Scale } from './mark.ts';
import { withoutPasswords } from './secrets.ts';
import type { StudySettings } from './settings.ts';
import { variantOf } from './variant.ts';

/** What a study measures, by name; secrets masked. How much of it, and what is made of it, may differ from run to run. */
export interface Subject {
  readonly study: Facts;
  /** Of each variant, if there are any: one may be added later. */
  readonly variants: Readonly<Record<string, Facts>>;
}

type Facts = Readonly<Record<string, string>>;

export function subjectOf(settings: StudySettings): Subject {
  const { master, locustfile, processes, scale, variants } = settings;
  const runner =
    master === null ? { locustfile: locustfile ?? '', processes: String(processes) } : { master: master.url };
  const [first = 1] = scale.values;
  return withoutPasswords({
    study: {
      ...runner,
      ...(scale.command === undefined ? {} : { 'scale.command': scale.command }),
      ...(variants === undefined ? usersOf(settings, first) : {}),
    },
    variants: Object.fromEntries(Object.keys(variants ?? {}).map((name) => [name, usersOf(settings, name)])),
  });
}

/** The first difference in words; undefined if marks of both belong together. */
export function differenceOf(before: Subject, now: Subject): string | undefined {
  const common = Object.keys(now.variants).filter((name) => before.variants[name] !== undefined);
  const parts: readonly (readonly [path: string, before: Facts, now: Facts])[] = [
    ['', before.study, now.study],
    ...common.map((name) => [`variants.${name}.`, before.variants[name] ?? {}, now.variants[name] ?? {}] as const),
  ];
  for (const [path, one, other] of parts) {
    const name = Object.keys({ ...one, ...other }).find((key) => one[key] !== other[key]);
    if (name !== undefined) return `of ${path}${name} ${one[name] ?? 'none'}, this one of ${other[name] ?? 'none'}`;
  }
  return undefined;
}

function usersOf(settings: StudySettings, scale: Scale): Facts {
  const { host, userClasses, options } = variantOf(settings, scale);
  return {
    ...(host === null ? {} : { host }),
    ...(userClasses.length === 0 ? {} : { 'user-classes': [...userClasses].sort().join(', ') }),
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [`options.${name}`, value])),
  };
}
