import { plain } from '../report/html/format.ts';
import { figure, list, meanText, nameOf, people, shareText } from './phrases.ts';
import type { Ranked, Ranking } from './ranking.ts';

/** Times that are longer by less than this factor are no slower. */
const alike = 1.1;

/** The ranking of variants in sentences: who delivers most, what the generator hid, who answers fastest. */
export function rankingSentences(ranking: Ranking): readonly string[] {
  return [mostSentence(ranking), ...saturatedSentences(ranking), ...fastestSentences(ranking)];
}

function mostSentence({ ranked }: Ranking): string {
  const [first, ...others] = ranked.filter(({ rps }) => rps !== null);
  if (first?.rps == null) return 'No variant has a mark that kept the limits, so there is none to compare.';
  const parts = others.map((variant, at) => shareOf(variant, at === 0));
  const without = ranked.filter(({ rps }) => rps === null).map(({ scale }) => nameOf(scale));
  const none = without.length === 0 ? '' : ` No mark kept the limits for ${list(without)}.`;
  const start = `${nameOf(first.scale)} delivers most: ${figure(first.rps)} requests per second, with ${people(first.atBest?.users ?? 0)}`;
  return `${[start, ...parts].join('; ')}.${none}`;
}

function shareOf({ scale, share, isAsHigh }: Ranked, isFirst: boolean): string {
  const part = `${shareText(share ?? 0)}${isFirst ? ' of it' : ''}`;
  return `${nameOf(scale)} ${isAsHigh ? `as much but for noise (${part})` : part}`;
}

/** A figure that is the generator's own is no figure of the system. */
function saturatedSentences({ ranked }: Ranking): readonly string[] {
  const measured = ranked.filter(({ rps }) => rps !== null);
  const saturated = measured.filter(({ isGeneratorSaturated }) => isGeneratorSaturated);
  if (saturated.length === 0) return [];
  if (saturated.length === measured.length) {
    return [
      'The generator was saturated at the best mark of each variant: the systems may take more, and the order may be that of what the generator could ask for.',
    ];
  }
  const names = list(saturated.map(({ scale }) => nameOf(scale)));
  const isFirst = measured[0]?.isGeneratorSaturated === true;
  const others = isFirst ? ', and the others have at most the share that is told' : '';
  return [
    saturated.length === 1
      ? `The generator was saturated at the best mark of ${names}: the system may take more${others}.`
      : `The generator was saturated at the best marks of ${names}: the systems may take more, and which of them delivers most is not known${others}.`,
  ];
}

function fastestSentences({ ranked, fastest, fastestBy }: Ranking): readonly string[] {
  const lights = fastest.flatMap((scale) => {
    const found = ranked.find((own) => own.scale === scale)?.atLight;
    const time = found?.[fastestBy] ?? null;
    return found == null || time === null ? [] : [{ name: nameOf(scale), time, users: found.users, p95: found.p95 }];
  });
  const [first, ...others] = lights;
  if (first === undefined || others.length === 0) return [];
  const format = fastestBy === 'median' ? plain : meanText;
  const what = fastestBy === 'median' ? 'median ' : 'on average ';
  const p95 = first.p95 === null ? '' : `, p95 ${plain(first.p95)} ms`;
  const short = (light: (typeof lights)[number]): string => {
    const time = `${format(light.time)} ms`;
    return light.time <= alike * first.time ? `${light.name} as fast but for noise (${time})` : `${light.name} ${time}`;
  };
  const parts = [
    `${first.name} answers fastest with ${people(first.users)}: ${what}${format(first.time)} ms${p95}`,
    ...others.map(short),
  ];
  return [`${parts.join('; ')}.`];
}
