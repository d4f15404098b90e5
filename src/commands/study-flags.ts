import { UsageError } from '../errors.ts';
import { masterUrl } from '../study/master-url.ts';
import { secondsOf } from '../study/section.ts';
import { oneScale, type StudySettings, usualGates, usualLimits, usualTimes } from '../study/settings.ts';
import type { Arguments } from './arguments.ts';
import type { Flag } from './flags.ts';

const text = (describe: string, more: Flag = {}): Flag => ({ type: 'string', requiresArg: true, describe, ...more });
/** Two reports of a worker, at least. */
const quickSeconds = 8;
const without = { group: 'Without a study.yaml:' };

/** Flags of `katydid study`. */
export const studyFlags: Readonly<Record<string, Flag>> = {
  users: text('Users of the marks, one after the other: 1,2,5,10,20', { alias: 'u', ...without }),
  duration: text('How long each is measured: 30s, 2m', { alias: 't', ...without }),
  'spawn-rate': { type: 'number', alias: 'r', requiresArg: true, describe: 'Users started per second', ...without },
  locustfile: text('The user file, for a study without a master', { alias: 'f', ...without }),
  host: text('The system under test', { alias: 'H' }),
  master: text("A Locust master's web UI: http://localhost:8089; its workers may be of any language"),
  'scale-command': text("In place of the file's scale.command: docker compose up -d --scale model={scale}"),
  ready: text("In place of the file's scale.ready: a URL that must answer, or a command that must succeed"),
  repeats: { type: 'number', requiresArg: true, describe: 'Each mark so many times' },
  output: text('The folder for samples and reports; studies/NAME if not given', { alias: 'o' }),
  plan: { type: 'boolean', describe: 'Only show what would be run, and how long it takes' },
  quick: { type: 'boolean', describe: 'Much shorter marks, for a demonstration' },
  resume: { type: 'boolean', describe: 'Go on with a study that was interrupted' },
  force: { type: 'boolean', describe: 'Forget the study that is in the folder' },
  json: { type: 'boolean', describe: 'The result as data on stdout, instead of the conclusion' },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};

/** A study of flags alone. */
export function studyOfFlags(args: Arguments): StudySettings {
  const users = listOf(args.users);
  if (users === undefined) {
    throw new UsageError(
      'a study.yaml is needed, or users: katydid study -f users.ts -H http://… --users 1,2,5,10,20 --duration 30s',
    );
  }
  const duration = durationOf(args.duration) ?? 30;
  return {
    name: 'study',
    master: null,
    locustfile: null,
    processes: 1,
    host: null,
    userClasses: [],
    options: {},
    scale: oneScale,
    marks: [{ users, spawnRates: [rateOf(args.spawnRate)], duration }],
    repeats: 1,
    ...usualTimes,
    limits: usualLimits,
    gates: usualGates,
    whenDead: 'go on',
  };
}

/** What was given on the command line wins over the file. */
export function withFlags(settings: StudySettings, args: Arguments): StudySettings {
  const { host, master, locustfile, repeats, scaleCommand, ready } = args;
  if (repeats !== undefined && !(Number.isInteger(repeats) && Number(repeats) >= 1)) {
    throw new UsageError(`--repeats is ${String(repeats)}; a whole number from 1 on is expected`);
  }
  const variants = Object.values(settings.variants ?? {});
  if (host !== undefined && variants.length > 0 && variants.every((variant) => variant.host !== undefined)) {
    throw new UsageError('--host would be of no effect: each of the variants has its own');
  }
  const changed: StudySettings = {
    ...settings,
    scale: {
      ...settings.scale,
      ...(scaleCommand === undefined ? {} : { command: String(scaleCommand) }),
      ...(ready === undefined ? {} : { ready: String(ready) }),
    },
    ...(host === undefined ? {} : { host: String(host) }),
    ...(locustfile === undefined ? {} : { locustfile: String(locustfile) }),
    ...(repeats === undefined ? {} : { repeats: Number(repeats) }),
    ...(master === undefined ? {} : { master: masterOf(settings, String(master)) }),
  };
  if (changed.master === null && changed.locustfile === null) {
    throw new UsageError(
      'a master is needed (--master http://localhost:8089), or a user file to run without one (-f users.ts)',
    );
  }
  return args.quick === true ? shortened(changed) : changed;
}

function masterOf({ master }: StudySettings, given: string): StudySettings['master'] {
  const where = masterUrl(given);
  if (where === undefined) {
    throw new UsageError(`--master is '${given}'; a URL such as http://localhost:8089 is expected`);
  }
  const rest = master ?? { headers: {}, isInsecure: false };
  return { ...rest, ...where };
}

/** Eight seconds each, whatever was asked for; users come at once. */
function shortened(settings: StudySettings): StudySettings {
  return {
    ...settings,
    marks: settings.marks.map((row) => ({
      ...row,
      spawnRates: [Math.max(10, ...row.spawnRates)],
      duration: Math.min(quickSeconds, row.duration),
    })),
    repeats: 1,
    warmUp: Math.min(2, settings.warmUp),
    settle: Math.min(3, settings.settle),
    drain: Math.min(0.5, settings.drain),
  };
}

function listOf(given: unknown): readonly number[] | undefined {
  if (given === undefined) return undefined;
  const users = String(given)
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(Number);
  if (users.length > 0 && users.every((count) => Number.isInteger(count) && count >= 1)) return users;
  throw new UsageError(`--users is '${String(given)}'; numbers of users such as 1,2,5,10,20 are expected`);
}

function durationOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const seconds = secondsOf(String(given));
  if (seconds !== undefined && seconds >= 1) return seconds;
  throw new UsageError(`--duration is '${String(given)}'; a time from 1s on is expected, such as 30s or 2m`);
}

function rateOf(given: unknown): number {
  const rate = given ?? 1;
  if (typeof rate === 'number' && rate > 0) return rate;
  throw new UsageError(`--spawn-rate is ${String(given)}; a number above 0 is expected`);
}
