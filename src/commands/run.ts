import { workerId } from '../protocol/identity.ts';
import { ratioJson, ratioText } from '../report/ratio.ts';
import type { Manifest } from '../swarm/manifest.ts';
import { Pool } from '../swarm/pool.ts';
import type { Arguments } from './arguments.ts';
import { Checks } from './checks.ts';
import { parseAll, threadsOf, userClassesOf } from './command-line.ts';
import type { Settings } from './config-files.ts';
import { HeadlessRun } from './headless-run.ts';
import { readManifest } from './locustfile.ts';
import { setUpLog } from './logging.ts';
import { htmlName, Outputs, outputSettings } from './outputs.ts';
import { classesOf, planOf, positive } from './run-plan.ts';
import { givenShard } from './shard.ts';
import { userFiles } from './user-files.ts';
import { Watched } from './watched.ts';

/** Runs the users without a master: `--headless`. Also `--list` and `--show-task-ratio`. Resolves with the exit code. */
export async function run(argv: readonly string[], first: Arguments, fromFiles: Settings): Promise<number> {
  const files = userFiles(first.locustfile as string | undefined);
  if (first.list === true) return list(await readManifest(files));
  const userClasses = userClassesOf(first, process.env);
  if (first.showTaskRatio === true || first.showTaskRatioJson === true) {
    const manifest = await readManifest(files, userClasses);
    return showRatio(manifest, parseAll(argv, manifest.options, fromFiles).args);
  }
  const headless = new HeadlessRun();
  const show = (text: string): void => headless.screen.print(text);
  const logLevel = setUpLog(first, undefined, show, (reason) => headless.report.lost('the log file', reason));
  const threads = threadsOf(first.processes);
  const quiet = { heartbeatsSent: 0, heartbeatsReceived: 0, reconnects: 0, brokenMessages: 0, droppedMessages: 0 };
  const watched = new Watched(() => ({ ...quiet, ...headless.vitals }));
  await watched.open(first);
  headless.onMeasured = watched.add;
  const shard = givenShard(first.shard) ?? { index: 0, count: 1 };
  const common = { files, threads, clientId: workerId(), kind: 'local', logLevel, userClasses, precision: 3 } as const;
  const pool = await Pool.start({ ...common, shard }, headless);
  const { options: specs } = pool.manifest;
  const { args, options } = parseAll(argv, specs, fromFiles);
  const plan = planOf(pool, args, options);
  const interval = positive(args.consoleStatsInterval, '--console-stats-interval') ?? 2;
  const checks = new Checks(args);
  const settings = outputSettings(args);
  const html = settings.html && htmlName(settings.html, options.numUsers, options.spawnRate, options.runTime);
  headless.report.open(checks, new Outputs({ ...settings, html }), {
    ...{ files, args, specs, classes: plan.classes },
    interval: args.onlySummary === true ? Number.POSITIVE_INFINITY : interval,
    exitCodeOnError: args.exitCodeOnError as number,
  });
  return headless.run(pool, plan);
}

function list({ classes }: Manifest): number {
  process.stdout.write(['Available Users:', ...classes.map(({ name }) => `    ${name}`), ''].join('\n'));
  return 0;
}

function showRatio({ classes }: Manifest, args: Arguments): number {
  const users = args.users as number | undefined;
  const chosen = classesOf(classes, args);
  process.stdout.write(args.showTaskRatio === true ? ratioText(chosen, users) : `${ratioJson(chosen, users)}\n`);
  return 0;
}
