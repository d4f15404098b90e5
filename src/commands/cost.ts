import { UsageError } from '../errors.ts';
import { type CostEstimate, hoursOfMonth, monthlyCost } from '../harvest/cost.ts';
import { type Arguments, argumentsOf, check, parser } from './arguments.ts';
import type { Flag } from './flags.ts';

const flags: Readonly<Record<string, Flag>> = {
  'per-hour': { type: 'number', requiresArg: true, describe: 'Price of an hour of the measured run' },
  devices: { type: 'number', requiresArg: true, describe: 'Devices of the measured run' },
  'target-devices': { type: 'number', requiresArg: true, describe: 'Devices that there will be' },
  hours: { type: 'number', requiresArg: true, default: hoursOfMonth, describe: 'Hours of a month' },
  currency: { type: 'string', requiresArg: true, default: 'USD', describe: 'What prices are in' },
  json: { type: 'boolean', describe: 'The estimate as data' },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};

const example = 'katydid cost --per-hour 1 --devices 100 --target-devices 10000';
const usage = `${example}

Estimates what an application costs a month with more devices, from the price of an hour of a measured run.`;

/** `katydid cost`: the monthly estimate, with its formula. */
export async function cost(argv: readonly string[]): Promise<number> {
  const args = await argumentsOf(parser(argv, flags).usage(usage));
  if (args === undefined) return 0;
  check(args, flags);
  refuseMissing(args);
  if (args._.length > 0) throw new UsageError(`'${args._[0]}' is not understood; the numbers are given by flags`);
  const currency = String(args.currency).trim();
  if (!/^[\p{L}\p{Sc}]{1,10}$/u.test(currency)) {
    throw new UsageError(`--currency is '${currency}'; a name such as USD or € is expected`);
  }
  const estimate = monthlyCost({
    perHour: args.perHour as number,
    devices: args.devices as number,
    targetDevices: args.targetDevices as number,
    hours: args.hours as number,
  });
  process.stdout.write(
    args.json === true ? `${JSON.stringify({ ...estimate, currency }, undefined, 2)}\n` : textOf(estimate, currency),
  );
  return 0;
}

const neededFlags = ['per-hour', 'devices', 'target-devices'] as const;

/** These flags have no value that would do for everybody. */
function refuseMissing(args: Arguments): void {
  const missing = neededFlags.filter((flag) => args[flag] === undefined).map((flag) => `--${flag}`);
  if (missing.length === 0) return;
  throw new UsageError(`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} needed: ${example}`);
}

const exact = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 15 });
const money = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const number = (value: number): string => exact.format(value);

function textOf({ perHour, devices, targetDevices, hours, factor, perMonth }: CostEstimate, currency: string): string {
  return `${[
    `price of an hour of the measured run × (target devices / its devices) × hours of a month`,
    `${number(perHour)} × (${number(targetDevices)} / ${number(devices)}) × ${number(hours)} = ${number(perHour)} × ${money.format(factor)} × ${number(hours)} = ${money.format(perMonth)} ${currency} a month`,
  ].join('\n')}\n`;
}
