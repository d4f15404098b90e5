import { createDevices } from '../devices/creation.ts';
import { spans } from '../devices/device-id.ts';
import { readDeviceList } from '../devices/device-list.ts';
import type { KeyAlgorithm } from '../devices/key.ts';
import { registerDevices } from '../devices/registration.ts';
import { removeDevices } from '../devices/removal.ts';
import type { Arguments } from './arguments.ts';
import { idsOf } from './devices-flags.ts';
import { registryOf } from './devices-registry.ts';
import { DevicesRun } from './devices-run.ts';

const devices = (count: number): string => (count === 1 ? '1 device' : `${count} devices`);

/** `katydid devices create 1 100` */
export async function createCommand(args: Arguments): Promise<number> {
  const ids = idsOf(args, 'create');
  const [listPath, registry, algorithm] = [String(args.list), registryOf(args), args.algorithm as KeyAlgorithm];
  const run = new DevicesRun();
  const outcome = await run.watch('creating', ids.length, (watch) =>
    createDevices({ listPath, registry, ids, algorithm }, watch),
  );
  const code = run.tell(
    'created',
    ids.length,
    outcome,
    `created ${spans(ids)}: ${devices(ids.length)} (${algorithm}) in ${listPath} and ${registry.name}`,
  );
  if (run.exitCode !== undefined && outcome.failed.length === 0 && code !== 0) {
    const first = Number(args._[1]) + outcome.done.length;
    const next = `katydid devices create ${first} ${args._[2]}`;
    process.stderr.write(`katydid: what was created is kept; go on with ${next}, and the same flags\n`);
  }
  return code;
}

/** `katydid devices delete 1 100` */
export async function deleteCommand(args: Arguments): Promise<number> {
  const ids = idsOf(args, 'delete');
  const [listPath, registry] = [String(args.list), registryOf(args)];
  const run = new DevicesRun();
  const outcome = await run.watch('deleting', ids.length, (watch) => removeDevices(listPath, registry, ids, watch));
  const { there, done } = outcome;
  const others = ids.length - there.length;
  const missing = others === 0 ? '' : `; ${others} of ${ids.length} were not there`;
  return run.tell('deleted', there.length, outcome, `deleted ${spans(done)}: ${devices(done.length)}${missing}`);
}

/** `katydid devices import devicelist.csv`: the registry gets to know the devices of a list that was made elsewhere. */
export async function importCommand(args: Arguments): Promise<number> {
  const path = String(args._[1] ?? args.list);
  const registry = registryOf({ ...args, list: path });
  const listed = readDeviceList(path);
  const run = new DevicesRun();
  const outcome = await run.watch('registering', listed.length, (watch) => registerDevices(listed, registry, watch));
  const { known, done } = outcome;
  const before = known === 0 ? '' : `; ${known} of ${listed.length} were there already`;
  const whole = `registered ${devices(done.length)} of ${path} in ${registry.name}${before}`;
  return run.tell('registered', listed.length - known, outcome, whole);
}
