import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { conclusionOf, remarksOf } from './conclusion.ts';
import { type Finding, findingOf } from './finding.ts';
import { spreadOf } from './gates.ts';
import type { Mark } from './mark.ts';
import { nameOf, people } from './phrases.ts';
import { masked, withoutPasswords } from './secrets.ts';
import type { StudySettings } from './settings.ts';
import { variantOf } from './variant.ts';

export const resultFile = 'study.json';

/** A study as it is kept and reported. */
export interface StudyResult {
  readonly format: 'katydid study 1';
  readonly name: string;
  /** Epoch seconds. */
  readonly startTime: number;
  readonly endTime: number;
  /** Secrets masked. */
  readonly settings: StudySettings;
  /** Of katydid, Node.js, the master. */
  readonly versions: Readonly<Record<string, string>>;
  /** Marks that were planned; fewer are in `marks` where it was interrupted. */
  readonly planned: number;
  readonly conclusion: readonly string[];
  readonly remarks: readonly string[];
  readonly finding: Finding;
  /** All attempts, disturbed ones too. */
  readonly marks: readonly Mark[];
}

type Facts = Pick<StudyResult, 'startTime' | 'endTime' | 'versions' | 'planned' | 'marks'> & {
  readonly settings: StudySettings;
  /** Planned marks that were not measured. */
  readonly missing: number;
  /** What went wrong on the way. */
  readonly troubles: readonly string[];
};

/** Draws the conclusion from what was measured. */
export function resultOf({ settings, troubles, missing, ...facts }: Facts): StudyResult {
  const finding = findingOf(facts.marks, settings);
  const spreads = finding.scales.flatMap(({ scale, levels }) =>
    levels.flatMap((level) => {
      const spread = spreadOf(level, settings.gates);
      return spread === null ? [] : [`Disturbed: ${nameOf(scale)}, ${people(level.users)}: ${spread.text}.`];
    }),
  );
  const unnamed =
    settings.master !== null && facts.marks.some(({ scale }) => variantOf(settings, scale).host === null)
      ? ['No host was given: the users took the one that the master was last told, or their own.']
      : [];
  const left = missing > 0 ? [`${missing} of ${facts.planned} planned marks were not measured.`] : [];
  return withoutPasswords({
    format: 'katydid study 1',
    name: settings.name,
    ...facts,
    settings: masked(settings),
    conclusion: conclusionOf(finding),
    remarks: [...troubles.map((text) => `${text}.`), ...left, ...unnamed, ...remarksOf(finding), ...spreads],
    finding,
  });
}

/** Reads what an earlier study left in its folder, or in the file of it. */
export function readResult(path: string): StudyResult {
  const file = path.endsWith('.json') ? path : join(path, resultFile);
  try {
    const result = JSON.parse(readFileSync(file, 'utf8')) as StudyResult;
    if (result.format === 'katydid study 1') return result;
  } catch (thrown) {
    throw new UsageError(`${file} cannot be read: ${(thrown as Error).message}`);
  }
  throw new UsageError(`${file} is no result of a study`);
}
