import { count, percent, plain } from '../report/html/format.ts';
import type { Finding, ScaleFinding } from './finding.ts';
import type { Scale } from './mark.ts';
import { changeText, figure, list, nameOf, people } from './phrases.ts';
import { rankingSentences } from './ranking-sentences.ts';
import type { Step } from './step.ts';

/** Part of 1 of the best mark. */
const flat = 0.8;

/**
 * The conclusion in sentences, the most important first: the best mark, the steps from scale to scale or the ranking of
 * variants, the knees, the failures.
 */
export function conclusionOf(finding: Finding): readonly string[] {
  if (finding.scales.length === 0) return ['Nothing was measured.'];
  return [
    ...(finding.ranking === null
      ? [bestSentence(finding), ...finding.steps.map((step) => stepSentence(step, finding))]
      : rankingSentences(finding.ranking)),
    ...kneeSentences(finding.scales),
    ...onsetSentences(finding.scales),
  ];
}

/** What the reader must know before believing the conclusion. */
export function remarksOf({ scales, disturbed }: Finding): readonly string[] {
  const where = (scale: Scale): string => (scales.length > 1 ? `${nameOf(scale)}, ` : '');
  const others = disturbed.filter(({ disturbance }) => disturbance.kind !== 'generator');
  const told = others.map(
    ({ mark, disturbance }) => `Disturbed: ${where(mark.scale)}${people(mark.users)}: ${disturbance.text}.`,
  );
  // A generator that is at its limit is so with all greater numbers of users: one line is enough.
  const saturated = scales.flatMap(({ scale }) => {
    const own = disturbed.filter(({ mark, disturbance }) => mark.scale === scale && disturbance.kind === 'generator');
    const last = own.at(-1);
    if (last === undefined) return [];
    const users = [...new Set(own.map(({ mark }) => mark.users))];
    const example = users.length > 1 ? ` (with ${people(last.mark.users)})` : '';
    const all = users.length > 1 ? `${list(users.map(count))} users` : people(last.mark.users);
    return [`Disturbed: ${where(scale)}${all}: ${last.disturbance.text}${example}.`];
  });
  const broken = scales.flatMap(({ scale, little }) => {
    const checks = little?.checks.filter(({ isBroken }) => isBroken) ?? [];
    const [worst] = [...checks].sort((a, b) => Math.abs(b.deviation) - Math.abs(a.deviation));
    if (worst === undefined) return [];
    const { users, byLaw, deviation } = worst;
    const meaning =
      deviation < 0
        ? 'users lost time outside of requests: in their own waits, or in a generator that was too slow'
        : 'users waited less between requests than with light load: they pace themselves, or ask for several things at once';
    return [
      `Little's law does not hold ${at(scale, scales)}with ${people(users)}: rps and response times stand for ${plain(byLaw)} users; ${meaning}.`,
    ];
  });
  const odd = scales.flatMap(({ scale, law }) =>
    law !== null && law.worst > 0.25
      ? [
          `The scalability law does not describe ${nameOf(scale)} well: up to ${percent(law.worst)} off. Its prediction is to be read with care.`,
        ]
      : [],
  );
  return [...told, ...saturated, ...pooledRates(scales), ...broken, ...odd];
}

/** A level is of so many users, however fast they came. */
function pooledRates(scales: readonly ScaleFinding[]): readonly string[] {
  const rates = scales
    .flatMap(({ levels }) => levels)
    .map(({ marks }) => [...new Set(marks.map(({ spawnRate }) => spawnRate))])
    .filter((own) => own.length > 1);
  if (rates.length === 0) return [];
  const all = [...new Set(rates.flat())].sort((a, b) => a - b);
  return [
    `Users were started at ${list(all.map(plain))} a second: marks with as many users are taken together as repeats, whatever their spawn rate.`,
  ];
}

function bestSentence({ top, scales }: Finding): string {
  if (top?.best == null) return 'No mark kept the limits, so there is no best mark.';
  const { rps, users, plateau } = top.best;
  const many = plateau.length > 1 ? ` and as much with ${list(plateau.slice(1).map(count))} (their mean)` : '';
  const where = scales.length > 1 ? ` at ${nameOf(top.scale)}` : '';
  return `The best mark is ${figure(rps)} requests per second${where}, with ${people(users)}${many}.`;
}

function stepSentence(step: Step, { scales }: Finding): string {
  const { from, to, change, error, possible, bottleneck } = step;
  if (change === null)
    return `From ${nameOf(from)} to ${nameOf(to)} nothing can be said: one of them has no best mark.`;
  const marks = [from, to].map((scale) => scales.find((own) => own.scale === scale)?.best?.rps ?? 0);
  const [a = 0, b = 0] = marks;
  const range = 2 * error >= 0.01 ? ` ± ${changeText(2 * error)}` : '';
  const isNone = Math.abs(change) <= Math.max(0.05, 2 * error);
  const what = isNone
    ? `rps stayed the same (${figure(a)} and ${figure(b)})`
    : `rps ${change > 0 ? 'grew' : 'fell'} from ${figure(a)} to ${figure(b)}, by ${changeText(Math.abs(change))}${range}`;
  return `From ${nameOf(from)} to ${nameOf(to)} ${what}${meaningOf(bottleneck, possible, to)}.`;
}

function meaningOf(bottleneck: Step['bottleneck'], possible: number | null, to: Scale): string {
  const all = possible === null ? '' : changeText(possible);
  switch (bottleneck) {
    case 'scaled part':
      return `, nearly all of the ${all} that are possible: the scaled part is what holds it back`;
    case 'both':
      return ` where ${all} were possible: the scaled part held it back before, at ${nameOf(to)} the bottleneck has moved to what stands before it`;
    case 'before it':
      return ': the bottleneck is what stands before the scaled part, and more of it is of no use';
    case 'generator':
      return ', but the generator was saturated: it is the bottleneck, and the system may take more';
    case 'worse':
      return ': more of the scaled part make it slower, for they share something that is contended';
    case 'unknown':
      return possible === null ? '' : '; no knee was reached, so the system may take more';
  }
}

/** One sentence for scales with the same knee. */
function kneeSentences(scales: readonly ScaleFinding[]): readonly string[] {
  const byKnee = new Map<string, ScaleFinding[]>();
  for (const scale of scales) {
    const { knee } = scale;
    const key = knee.isReached ? `knee ${knee.users} ${knee.isAtLowest} ${isFlat(scale)}` : knee.reason;
    byKnee.set(key, [...(byKnee.get(key) ?? []), scale]);
  }
  return [...byKnee.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const where = scales.length > 1 ? ` ${whereOf(group.map(({ scale }) => scale))}` : '';
    const { knee } = first;
    if (!knee.isReached) return [`No knee was reached${where}: ${knee.reason}.`];
    const sure = Math.min(...group.map(({ knee: own }) => (own.isReached ? own.confidence : 0)));
    const near = knee.isAtLowest ? `at ${people(knee.users)} or fewer` : `near ${people(knee.users)}`;
    const doubt = sure >= 0.9 ? '' : ` (${percent(sure)} sure)`;
    const beyond = isFlat(first)
      ? 'rps no longer grows, but waiting does'
      : 'rps grows by less than users do, and they wait';
    return [`The knee is ${near}${where}${doubt}: beyond it ${beyond}.`];
  });
}

/** Whether the knee brings nearly all that more users bring: after a bend there may still be a slope. */
function isFlat({ knee, levels, best }: ScaleFinding): boolean {
  const level = knee.isReached ? levels.find(({ users }) => users >= knee.users) : undefined;
  return level === undefined || best === null || level.goodRps >= flat * best.rps;
}

function onsetSentences(scales: readonly ScaleFinding[]): readonly string[] {
  const found = scales.flatMap(({ scale, onset }) => (onset === null ? [] : [{ scale, onset }]));
  if (found.length === 0) {
    const isKnown = scales.some(({ levels }) => levels.some(({ rps }) => rps > 0));
    return isKnown ? ['Failures stayed within the limit everywhere.'] : [];
  }
  return found.map(({ scale, onset: { users, failRatio, kinds, isLasting } }) => {
    const [main] = kinds;
    const kind = main === undefined ? '' : `, mostly ${main.kind}`;
    const lasting = isLasting ? '' : '; with more users there were fewer again';
    return `Failures begin ${at(scale, scales)}with ${people(users)}: ${percent(failRatio)} of all requests${kind}${lasting}.`;
  });
}

function at(scale: Scale, scales: readonly ScaleFinding[]): string {
  return scales.length > 1 ? `${whereOf([scale])} ` : '';
}

/** `at scale 1 and scale 3`, `for Go, REST`: a variant is no place. */
function whereOf(scales: readonly Scale[]): string {
  const preposition = scales.every((scale) => typeof scale === 'string') ? 'for' : 'at';
  return `${preposition} ${list(scales.map(nameOf))}`;
}
