import { existsSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { curveOf } from '../runner/curve.ts';
import { noSuchShape, shapeOf } from '../runner/shape.ts';
import { simulate } from '../runner/shape-simulation.ts';
import { Pool } from '../swarm/pool.ts';
import { stagesOf } from '../swarm/shapes.ts';
import type { ShapeStage } from '../user/shape.ts';
import { type Arguments, check, flagsOf, parser, valuesOf } from './arguments.ts';
import { parsedOptions, secondsOf } from './command-line.ts';
import { only, readConfigFiles, type Settings } from './config-files.ts';
import { configFlags, type Flag, logFlags, masterFlags, userFlags } from './flags.ts';
import { setUpLog } from './logging.ts';
import { durationText, plotOf } from './shape-plot.ts';
import { tableOf } from './shape-table.ts';
import { userFiles } from './user-files.ts';

/** A shape with `tick()` that does not end is asked for so long. */
const simulatedSeconds = 3600;
const usualWidth = 80;

const flags: Readonly<Record<string, Flag>> = {
  locustfile: userFlags.locustfile ?? {},
  users: masterFlags.users ?? {},
  'spawn-rate': masterFlags['spawn-rate'] ?? {},
  'run-time': {
    ...masterFlags['run-time'],
    describe: `How long a class with tick() is asked at most: 300s, 20m, 3h; ${durationText(simulatedSeconds)} if not given`,
  },
  json: { type: 'boolean', describe: 'The stages as data, instead of the plot' },
  ...configFlags,
  ...logFlags,
  loglevel: { ...logFlags.loglevel, default: 'WARNING' },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};
const usage = `katydid shape -f users.ts [names of shapes …]

Shows the load shapes of a user file: how many users run, and when.`;

/** A shape with its stages, be it from data or from what `tick()` said. */
interface Shown {
  readonly name: string;
  readonly stages: readonly ShapeStage[];
  readonly isSimulated: boolean;
  readonly isCut: boolean;
}

/** `katydid shape`: a plot and a table of each load shape. */
export async function shape(argv: readonly string[]): Promise<number> {
  const config = ownSettings(argv, flags);
  const line = parser(argv, flags, process.env, config).usage(usage);
  const first = line.parseSync() as Arguments;
  if (first.help === true) {
    process.stdout.write(`${await line.getHelp()}\n`);
    return 0;
  }
  const shown = await readShapes(argv, first);
  process.stdout.write(first.json === true ? jsonOf(shown) : shown.map(textOf).join('\n'));
  return 0;
}

/** Settings of files, but for Locust's `json`, which is about statistics. */
function ownSettings(argv: readonly string[], known: Readonly<Record<string, Flag>>): Settings {
  return only(readConfigFiles(argv), (key) => Object.hasOwn(known, key) && key !== 'json');
}

/** The first word may be the user file, `katydid shape users.ts`: the name of a shape has no dot and no slash. */
function wordsOf(args: Arguments): { readonly files: string[]; readonly names: readonly string[] } {
  const words = args._.map(String);
  const [word = ''] = words;
  const given = args.locustfile as string | undefined;
  const isFile = /[./\\,]/.test(word) || (given === undefined && existsSync(word));
  return isFile ? { files: userFiles(word), names: words.slice(1) } : { files: userFiles(given), names: words };
}

async function readShapes(argv: readonly string[], first: Arguments): Promise<readonly Shown[]> {
  const { files, names } = wordsOf(first);
  const logLevel = setUpLog(first);
  const quiet = { onException: () => {}, onMessage: () => {}, onQuit: () => {}, onHopeless: () => {} };
  const settings = { files, threads: 1, clientId: 'shape', kind: 'local', logLevel, userClasses: [] } as const;
  const pool = await Pool.start({ ...settings, shard: { index: 0, count: 1 } }, quiet);
  try {
    const { options: specs, shapes, shapeClasses, classes } = pool.manifest;
    const own = { ...flags, ...flagsOf(specs) };
    const args = parser(argv, own, process.env, ownSettings(argv, own)).parseSync() as Arguments;
    check(args, own);
    const known = [...shapes.keys(), ...shapeClasses];
    if (known.length === 0) throw new UsageError(`${files.join(', ')} exports no load shape; ${example}`);
    for (const name of names) if (!known.includes(name)) throw new UsageError(noSuchShape(name, known));
    const chosen = names.length > 0 ? names : known;
    if (chosen.some((name) => shapeClasses.includes(name))) {
      await pool.init({ ...parsedOptions(args), ...valuesOf(specs, args) });
    }
    const limit = secondsOf(args.runTime, '--run-time') ?? simulatedSeconds;
    const classNames = classes.map(({ name }) => name);
    const all: Shown[] = [];
    for (const name of chosen) {
      const stages = shapes.get(name);
      if (stages === undefined) all.push(await simulated(pool, name, limit));
      else all.push({ name, stages: stagesOf(name, stages, classNames), isSimulated: false, isCut: false });
    }
    return all;
  } finally {
    await pool.end(0);
  }
}

const example = 'export const shape = stages([{ duration: 60, users: 10, spawnRate: 1 }]), or steady, burst, ramp';

async function simulated(pool: Pool, name: string, limit: number): Promise<Shown> {
  const asked = shapeOf(pool, name);
  if (asked === undefined) throw new UsageError(noSuchShape(name, []));
  return { name, ...(await simulate(asked, limit)), isSimulated: true };
}

const durationOf = (stages: readonly ShapeStage[]): number => stages.at(-1)?.until ?? 0;
const mostOf = (stages: readonly ShapeStage[]): number => stages.reduce((most, { users }) => Math.max(most, users), 0);

/** Name → stages as `stages([…])` takes them, and what they come to. */
function jsonOf(shown: readonly Shown[]): string {
  const data = shown.map(({ name, stages, isSimulated, isCut }) => [
    name,
    { duration: durationOf(stages), maxUsers: mostOf(stages), isSimulated, isCut, stages },
  ]);
  return `${JSON.stringify(Object.fromEntries(data), undefined, 2)}\n`;
}

function textOf({ name, stages, isSimulated, isCut }: Shown): string {
  if (stages.length === 0) return `${name}: ends at once\n`;
  const { isTTY, columns } = process.stdout;
  const { points, cut } = curveOf(stages);
  const total = durationText(durationOf(stages));
  const parts = [
    isCut ? `not over after ${total} (--run-time)` : total,
    `at most ${mostOf(stages)} users`,
    ...(isSimulated ? ['asked second by second'] : []),
  ];
  const settings = {
    width: isTTY ? columns : usualWidth,
    isColoured: isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  };
  const lines = [
    `${name}: ${parts.join(', ')}`,
    '',
    ...plotOf(points, settings),
    '',
    ...tableOf(stages, isSimulated ? [] : cut),
  ];
  return `${lines.join('\n')}\n`;
}
