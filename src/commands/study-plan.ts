import { duration } from '../report/html/format.ts';
import type { Scale } from '../study/mark.ts';
import { nameOf } from '../study/phrases.ts';
import { type PlannedScale, secondsOfPlan } from '../study/plan.ts';
import { filled } from '../study/scaling.ts';
import type { StudySettings } from '../study/settings.ts';
import { variantOf } from '../study/variant.ts';

/** What would be run, scale by scale, and how long it takes. */
export function planText(plan: readonly PlannedScale[], settings: StudySettings): string {
  const { scale: scaling, settle, warmUp, master } = settings;
  const by = master === null ? `on this machine: ${settings.locustfile}` : `by the master at ${master.url}`;
  const lines = plan.flatMap(({ scale, marks }) => [
    `${nameOf(scale)}${scaling.command === undefined ? '' : `: ${filled(scaling.command, scale)}`}`,
    ...(scaling.ready === undefined ? [] : [`  until ready: ${filled(scaling.ready, scale)}`]),
    ...variantLines(settings, scale),
    ...(warmUp > 0 ? [`  warm-up of ${warmUp} s`] : []),
    ...marks.map(
      ({ users, spawnRate, seconds, repeat }) =>
        `  ${String(users).padStart(6)} users, ${spawnRate} a second, settle ${settle} s, measure ${seconds} s${settings.repeats > 1 ? ` (repeat ${repeat})` : ''}`,
    ),
  ]);
  const count = plan.reduce((sum, { marks }) => sum + marks.length, 0);
  const time = duration(secondsOfPlan(plan, settings)).replaceAll('\u00a0', ' ');
  return [`${settings.name}: ${count} marks, about ${time}, ${by}`, ...lines, ''].join('\n');
}

/** What a variant is run against, and by which users. */
function variantLines(settings: StudySettings, scale: Scale): readonly string[] {
  if (settings.variants === undefined) return [];
  const { host, userClasses, options } = variantOf(settings, scale);
  const users = userClasses.length === 0 ? 'all user classes' : userClasses.join(', ');
  const given = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  return [`  ${[users, `at ${host ?? 'the host of their class'}`, ...given].join(', ')}`];
}
