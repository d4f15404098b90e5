import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { duration, plain } from '../report/html/format.ts';
import { coverageOf } from '../study/coverage.ts';
import type { Driver } from '../study/driver.ts';
import { Journal } from '../study/journal.ts';
import { isInterrupted } from '../study/mark.ts';
import { MasterClient } from '../study/master-client.ts';
import { MasterDriver } from '../study/master-driver.ts';
import { figure, nameOf } from '../study/phrases.ts';
import { type PlannedScale, planOf, secondsOfMark } from '../study/plan.ts';
import { writeReports } from '../study/report-files.ts';
import { resultOf, type StudyResult } from '../study/result.ts';
import { shell } from '../study/scaling.ts';
import type { StudySettings } from '../study/settings.ts';
import { Study, type StudyListener } from '../study/study.ts';
import { readStudy } from '../study/study-file.ts';
import { subjectOf } from '../study/subject.ts';
import { type Arguments, argumentsOf, check, parser } from './arguments.ts';
import { setUpLog } from './logging.ts';
import { Screen } from './screen.ts';
import { onSignals } from './signals.ts';
import { compareStudies } from './study-compare.ts';
import { studyFlags, studyOfFlags, withFlags } from './study-flags.ts';
import { LocalDriver, ownVersions } from './study-local.ts';
import { planText } from './study-plan.ts';

const usage = `katydid study study.yaml
katydid study -f users.ts -H http://… --users 1,2,5,10,20 --duration 30s
katydid study compare FOLDER_A FOLDER_B

Finds out how many users a system can take, and what holds it back: best mark, knee, where failures begin, what scaling
changes. Drives a Locust master through its web API, or runs the users on this machine. Ctrl-C keeps what was measured.`;
/** A study that was interrupted. */
const interruptedCode = 130;
/** Not all of it was measured: a target died, a master was gone. */
const incompleteCode = 1;

/** `katydid study`: the conclusion is told on stdout, progress on stderr. */
export async function study(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'compare') return compareStudies(argv.slice(1));
  const args = await argumentsOf(parser(argv, studyFlags).usage(usage));
  if (args === undefined) return 0;
  check(args, studyFlags);
  const settings = settingsOf(args);
  const plan = planOf(settings);
  if (args.plan === true) {
    process.stdout.write(planText(plan, settings));
    return 0;
  }
  if (args.resume === true && args.force === true) {
    throw new UsageError('--resume goes on with the study that is there, --force forgets it: one is possible');
  }
  const folder = (args.output as string | undefined) ?? join('studies', folderName(settings.name));
  const screen = new Screen(process.stderr, () => {});
  setUpLog({ ...args, loglevel: 'WARNING' }, undefined, (text) => screen.print(text));
  const mode = { resume: args.resume === true, force: args.force === true };
  const journal = Journal.open(folder, subjectOf(settings), mode);
  const { result, page, code } = await run(settings, plan, journal, screen);
  process.stdout.write(args.json === true ? `${JSON.stringify(result, undefined, 2)}\n` : `${textOf(result, page)}\n`);
  return code;
}

function settingsOf(args: Arguments): StudySettings {
  const [file, ...more] = args._.map(String);
  if (more.length > 0) throw new UsageError(`'${more[0]}' is not understood; one study.yaml is expected`);
  if (file === undefined) return withFlags(studyOfFlags(args), args);
  for (const name of ['users', 'duration', 'spawnRate']) {
    if (args[name] !== undefined)
      throw new UsageError(
        `--${name === 'spawnRate' ? 'spawn-rate' : name} is for studies without a file; ${file} says it itself`,
      );
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new UsageError(`${file} cannot be read: ${(thrown as Error).message}`);
  }
  return withFlags(readStudy(text, file, process.env), args);
}

function driverOf(settings: StudySettings): Driver {
  const { master } = settings;
  return master === null ? new LocalDriver(settings) : new MasterDriver(new MasterClient(master), settings);
}

async function run(
  settings: StudySettings,
  plan: readonly PlannedScale[],
  journal: Journal,
  screen: Screen,
): Promise<{ readonly result: StudyResult; readonly page: string; readonly code: number }> {
  const ending = new AbortController();
  const driver = driverOf(settings);
  const versions = Object.fromEntries([...ownVersions(), ...(await driver.open())]);
  // A master that does not answer costs no earlier study.
  journal.begin();
  const startTime = Math.min(
    Date.now() / 1000,
    // Where it goes on: its first second, which was before anything was measured.
    ...journal.samples.slice(0, 1).map(({ time }) => time),
  );
  const troubles: string[] = [];
  const listener = progressOf(settings, plan, journal, screen, (text) => troubles.push(text));
  const report = (): Written => written({ settings, plan, journal, startTime, versions, troubles });
  onSignals(
    (signal) => {
      screen.print(`${signal}: ending in good order, what was measured is kept; once more ends at once\n`);
      ending.abort();
    },
    () => void report(),
  );
  const measure = async (): Promise<void> => {
    try {
      await new Study(settings, driver, journal, listener, ending.signal).run(plan);
    } catch (thrown) {
      if (journal.marks.length === 0) throw thrown;
      const { message } = thrown as Error;
      screen.print(`${message}\n`);
      troubles.push(`The study ended early: ${message}`);
    } finally {
      await driver.stop((what) => screen.status(`waiting for ${what}`)).catch(() => {});
      await driver.close();
    }
  };
  try {
    await measure();
    // Whatever becomes of what follows, there is a report.
    report();
  } finally {
    await takeDown(settings, screen, listener);
  }
  const { result, page, missing } = report();
  const code = ending.signal.aborted ? interruptedCode : missing > 0 ? incompleteCode : 0;
  return { result, page, code };
}

async function takeDown({ scale: { down } }: StudySettings, screen: Screen, listener: StudyListener): Promise<void> {
  if (down !== undefined) screen.status(down);
  const ended = down === undefined ? undefined : await shell(down, undefined);
  screen.status('');
  if (ended !== undefined && ended.code !== 0)
    listener.onTrouble(`'${down}' ended with ${ended.code}: ${ended.output.trim().slice(-400)}`);
}

interface Written {
  readonly result: StudyResult;
  /** The report's path. */
  readonly page: string;
  /** Planned marks that were not measured. */
  readonly missing: number;
}

/** Writes the reports of what there is by now. */
function written({
  settings,
  plan,
  journal,
  troubles,
  ...facts
}: {
  readonly settings: StudySettings;
  readonly plan: readonly PlannedScale[];
  readonly journal: Journal;
  readonly startTime: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly troubles: readonly string[];
}): Written {
  const { planned, missing, marks, others } = coverageOf(plan, settings, journal.marks);
  const left = others === 0 ? [] : [`${others} of the marks in the folder are of another plan, and left out`];
  // Its last second: a report that is only written again took no longer for it.
  const endTime = journal.samples.at(-1)?.time ?? Date.now() / 1000;
  const result = resultOf({ settings, ...facts, endTime, planned, missing, marks, troubles: [...troubles, ...left] });
  return { result, page: writeReports(journal.folder, result, journal.samples), missing };
}

/** A bar with what is running and what is left, and a line for each mark. */
function progressOf(
  settings: StudySettings,
  plan: readonly PlannedScale[],
  journal: Journal,
  screen: Screen,
  onTrouble: (text: string) => void,
): StudyListener {
  const all = plan.flatMap(({ marks }) => marks);
  return {
    onPhase: (text) => {
      const left = all.filter(
        ({ key }) => !journal.marks.some((kept) => kept.key === key && !isInterrupted(kept.mark)),
      );
      const seconds = left.reduce((sum, mark) => sum + secondsOfMark(mark, settings), 0);
      const part = 1 - left.length / Math.max(1, all.length);
      const bar = `${'█'.repeat(Math.round(part * 20)).padEnd(20, '░')}`;
      screen.status(`${bar} ${all.length - left.length}/${all.length}  ${text}  about ${duration(seconds)} left`);
    },
    onMark: ({ scale, users }, { rps, median, p95, requests, failures, disturbances, attempt }) => {
      const share = requests > 0 ? ((100 * failures) / requests).toFixed(1) : '0';
      const again = attempt > 1 ? ` (attempt ${attempt})` : '';
      const odd = disturbances.length === 0 ? '' : `; disturbed: ${disturbances.map(({ text }) => text).join('; ')}`;
      screen.print(
        `${nameOf(scale)}, ${String(users).padStart(4)} users${again}: ${figure(rps)} rps, median ${timeOf(median)}, p95 ${timeOf(p95)}, ${share} % failures${odd}\n`,
      );
    },
    onTrouble: (text) => {
      screen.print(`${text}\n`);
      onTrouble(text);
    },
  };
}

function timeOf(milliseconds: number | null): string {
  return milliseconds === null ? '–' : `${plain(milliseconds)} ms`;
}

function textOf({ conclusion, remarks }: StudyResult, page: string): string {
  const notes = remarks.length === 0 ? [] : ['', ...remarks.map((text) => `! ${text}`)];
  return [...conclusion, ...notes, '', `wrote ${page}`].join('\n').replaceAll('\u00a0', ' ');
}

function folderName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'study'
  );
}
