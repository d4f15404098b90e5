import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { httpListener } from '../targets/http-listener.ts';
import { type Arguments, argumentsOf, check, parser } from './arguments.ts';
import { type Flag, logFlags } from './flags.ts';
import { setUpLog } from './logging.ts';

type HttpServer = Parameters<typeof httpListener>[0];

/** A target over HTTP with flags of its own. */
export interface ServedTarget {
  readonly name: string;
  readonly usage: string;
  readonly port: number;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly make: (args: Arguments) => HttpServer | Promise<HttpServer>;
}

/** Seconds for what was begun when the target is to end. */
const grace = 5;

/** Serves until a signal. */
export async function serveTarget(argv: readonly string[], target: ServedTarget): Promise<number> {
  const flags: Readonly<Record<string, Flag>> = {
    port: { ...number(`Port; 0 for any that is free`), alias: 'p', default: target.port },
    address: { type: 'string', requiresArg: true, default: '127.0.0.1', describe: 'Interface; 0.0.0.0 for all' },
    ...target.flags,
    ...logFlags,
    help: { type: 'boolean', alias: 'h', describe: 'This text' },
  };
  const args = await argumentsOf(parser(argv, flags).usage(target.usage));
  if (args === undefined) return 0;
  check(args, flags);
  const [, surplus] = args._;
  if (surplus !== undefined) {
    throw new UsageError(`target ${target.name} has no use for '${surplus}'; its flags begin with --`);
  }
  setUpLog(args);
  const listener = httpListener(await target.make(args));
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const [address, wanted] = [String(args.address), wholeOf(args, 'port', 0, 65_535)];
  const port = await listener.listen(address, wanted).catch((thrown: Error) => {
    throw new UsageError(`target ${target.name} cannot listen on ${address}:${wanted}: ${thrown.message}`);
  });
  log.info(`target ${target.name} listens on http://${address.includes(':') ? `[${address}]` : address}:${port}`);
  await ended;
  await listener.close(grace);
  return 0;
}

/** A flag with a number. */
export function number(describe: string): Flag {
  return { type: 'number', requiresArg: true, describe };
}

/** The value of a flag, which must be a whole number in these bounds. */
export function wholeOf(args: Arguments, flag: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  const value = numberOf(args, flag, least);
  if (Number.isInteger(value) && value <= most) return value;
  throw new UsageError(`--${flag} is ${value}; a whole number from ${least} to ${most} is expected`);
}

/** The value of a flag, which must be a number of at least so much. */
export function numberOf(args: Arguments, flag: string, least: number): number {
  const value = Number(args[flag]);
  if (value >= least) return value;
  throw new UsageError(`--${flag} is ${value}; a number from ${least} on is expected`);
}
