import { existsSync } from 'node:fs';
import { replaceFile, targetOf } from '../devices/atomic-file.ts';
import type { RegisteredDevice } from '../devices/device.ts';
import { readDeviceList } from '../devices/device-list.ts';
import { algorithmOf } from '../devices/key.ts';
import { type ExportFormat, exportDevices } from '../devices/public-keys.ts';
import type { Registry, RegistryEntry } from '../devices/registry.ts';
import { verifyDevices } from '../devices/verification.ts';
import { UsageError } from '../errors.ts';
import type { Arguments } from './arguments.ts';
import { registryOf } from './devices-registry.ts';
import { DevicesRun } from './devices-run.ts';

/** `katydid devices list`: which devices there are, on which side. */
export async function listCommand(args: Arguments): Promise<number> {
  const path = String(args.list);
  const registry = registryOf(args);
  const listed = existsSync(path) ? new Map(readDeviceList(path).map((device) => [device.id, device])) : new Map();
  const entries = new Map((await entriesOf(registry, args, listed.size === 0)).map((entry) => [entry.id, entry]));
  const rows = [...new Set([...listed.keys(), ...entries.keys()])].map((id) => {
    const key = listed.get(id)?.privateKey;
    const algorithm = entries.get(id)?.keys[0]?.algorithm ?? (key === undefined ? null : knownAlgorithm(key));
    return { id, algorithm, isListed: listed.has(id), isRegistered: entries.has(id) };
  });
  process.stdout.write(args.json === true ? `${JSON.stringify(rows, undefined, 2)}\n` : table(rows));
  return 0;
}

/** One broken key, which `verify` tells of, must not hide all other devices. */
function knownAlgorithm(key: string): string | null {
  try {
    return algorithmOf(key);
  } catch {
    return null;
  }
}

interface Row {
  readonly id: string;
  readonly algorithm: string | null;
  readonly isListed: boolean;
  readonly isRegistered: boolean;
}

function table(rows: readonly Row[]): string {
  const width = rows.reduce((most, { id }) => Math.max(most, id.length), 'device'.length) + 2;
  const line = (id: string, algorithm: string, list: string, registry: string): string =>
    `${id.padEnd(width)}${algorithm.padEnd(11)}${list.padEnd(6)}${registry}\n`;
  const yes = (is: boolean): string => (is ? 'yes' : 'no');
  const lines = rows.map((row) => line(row.id, row.algorithm ?? '-', yes(row.isListed), yes(row.isRegistered)));
  return [line('device', 'algorithm', 'list', 'registry'), ...lines].join('');
}

/** A file that is not there is an empty registry, unless there is nothing else to look at. */
async function entriesOf(registry: Registry, args: Arguments, isNeeded: boolean): Promise<readonly RegistryEntry[]> {
  const entries = await registry.list();
  if (entries.length > 0 || !isNeeded) return entries;
  throw new UsageError(
    `there are no devices in ${args.list} or ${registry.name}; 'katydid devices create 1 100' makes some`,
  );
}

/** `katydid devices verify`: what would keep devices from connecting. Exit code 1 if there is something. */
export async function verifyCommand(args: Arguments): Promise<number> {
  const [path, registry] = [String(args.list), registryOf(args)];
  const run = new DevicesRun();
  const { devices, problems } = await run.watch('verifying', 0, (watch) => verifyDevices(path, registry, watch));
  if (run.exitCode !== undefined) {
    process.stderr.write('katydid: interrupted; not all of the devices were looked at\n');
    return run.exitCode;
  }
  const found = problems.length === 0 ? 'all is well' : `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  process.stdout.write([...problems, `${devices} devices in ${path} and ${registry.name}: ${found}`, ''].join('\n'));
  return problems.length === 0 ? 0 : 1;
}

/** `katydid devices export --format jwks`: what is public of the registered devices. */
export async function exportCommand(args: Arguments): Promise<number> {
  const registry = registryOf(args);
  const output = args.output as string | undefined;
  if (output !== undefined) refuseOutput(output, args);
  const devices = (await entriesOf(registry, args, true)).flatMap(({ id, keys: [key] }): RegisteredDevice[] =>
    key === undefined ? [] : [{ id, ...key }],
  );
  const text = exportDevices(devices, args.format as ExportFormat);
  if (output === undefined) process.stdout.write(text);
  else replaceFile(output, text, 0o644);
  return 0;
}

/** Not over private keys, whatever is forced. */
function refuseOutput(output: string, { list, registry, force }: Arguments): void {
  const taken = [list, registry].find((path) => targetOf(String(path)) === targetOf(output));
  if (taken !== undefined) throw new UsageError(`-o is ${output}, where the devices are; give another name`);
  if (existsSync(output) && force !== true) {
    throw new UsageError(`${output} exists; --force overwrites it, or give another name with -o`);
  }
}
