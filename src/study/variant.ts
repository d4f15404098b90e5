import type { Scale } from './mark.ts';
import type { StudySettings, Variant } from './settings.ts';

/** The users of one scale's marks: those of the variant of this name, or of the whole study. */
export function variantOf(settings: StudySettings, scale: Scale): Variant {
  const { host, userClasses, options, variants = {} } = settings;
  const own = variants[scale];
  return {
    host: own?.host ?? host,
    userClasses: own?.userClasses ?? userClasses,
    options: { ...options, ...own?.options },
  };
}
