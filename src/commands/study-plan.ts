import { duration } from '../report/html/format.ts';
import { type PlannedScale, secondsOfPlan } from '../study/plan.ts';
import { filled } from '../study/scaling.ts';
import type { StudySettings } from '../study/settings.ts';

/** What would be run, scale by scale, and how long it takes. */
export function planText(plan: readonly PlannedScale[], settings: StudySettings): string {
  const { scale: scaling, settle, warmUp, master } = settings;
  const by = master === null ? `on this machine: ${settings.locustfile}` : `by the master at ${master.url}`;
  const lines = plan.flatMap(({ scale, marks }) => [
    `scale ${scale}${scaling.command === undefined ? '' : `: ${filled(scaling.command, scale)}`}`,
    ...(scaling.ready === undefined ? [] : [`  until ready: ${filled(scaling.ready, scale)}`]),
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
