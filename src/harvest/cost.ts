import { UsageError } from '../errors.ts';

/** Hours of a month of 30 days. */
export const hoursOfMonth = 720;

export interface CostSettings {
  /** Price of an hour of the measured run. */
  readonly perHour: number;
  /** Devices of the measured run. */
  readonly devices: number;
  readonly targetDevices: number;
  readonly hours: number;
}

/** What so many devices cost a month, if the price grows as their number does. */
export interface CostEstimate extends CostSettings {
  readonly factor: number;
  readonly perMonth: number;
}

/**
 * The monthly estimate: the hour's price of the measured run, times how many times more devices there will be, times
 * the hours.
 *
 * @example monthlyCost({ perHour: 1, devices: 100, targetDevices: 10_000, hours: 720 }).perMonth // 72000
 */
export function monthlyCost(settings: CostSettings): CostEstimate {
  const { perHour, devices, targetDevices, hours } = settings;
  if (!(perHour >= 0)) throw new UsageError(`--per-hour is ${perHour}; a price from 0 on is expected`);
  whole(devices, '--devices');
  whole(targetDevices, '--target-devices');
  if (!(hours > 0)) throw new UsageError(`--hours is ${hours}; a number above 0 is expected`);
  const perMonth = (perHour * targetDevices * hours) / devices;
  if (!Number.isFinite(perMonth)) throw new UsageError('the estimate is too large to be a number');
  return { ...settings, factor: targetDevices / devices, perMonth };
}

function whole(value: number, flag: string): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new UsageError(`${flag} is ${value}; a whole number of devices, from 1 on, is expected`);
}
