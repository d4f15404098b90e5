import type { Device } from '../devices/device.ts';
import { log } from '../log.ts';
import { Feeder } from './feeder.ts';
import { placeOf } from './place.ts';
import { blockOfWorker } from './shard.ts';

/**
 * A feeder of devices: each is one user's at a time, and no other thread, worker or pod has it. `name` is the list's, for
 * people. The first thread says which devices are its worker's.
 */
export function deviceFeeder(devices: readonly Device[], name = 'the device list'): Feeder<Device> {
  if (placeOf().thread.index === 0) log.info(rangeText(devices));
  return new Feeder(devices, { unique: true }, name);
}

function rangeText(devices: readonly Device[]): string {
  const { first, end } = blockOfWorker(devices.length);
  const [from, to] = [devices[first], devices[end - 1]];
  const range = end === first || from === undefined || to === undefined ? 'none' : `${from.id}..${to.id}`;
  return `sharded device range ${range} (${end - first} of ${devices.length})`;
}
