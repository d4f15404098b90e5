import { hostname } from 'node:os';
import { UsageError } from '../errors.ts';
import type { Share } from '../user/environment.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Which part of all workers this one is: what `--shard` (or KATYDID_SHARD) says; else the ordinal of its pod, which a
 * StatefulSet writes behind the host name (`iot-3`), of KATYDID_SHARDS or LTK_NUM_LOCUST_WORKERS; else the whole, which
 * nobody has said. An ordinal that is none of so many workers is a `UsageError`.
 */
export function shardOf(given: unknown, variables: Variables = process.env, host: string = hostname()): Share {
  const told = givenShard(given);
  if (told !== undefined) return told;
  const number = ['KATYDID_SHARDS', 'LTK_NUM_LOCUST_WORKERS'].find((name) => variables[name]);
  if (number === undefined) return { index: 0, count: 1, origin: 'assumed' };
  const count = countOf(number, variables[number]);
  if (count === 1) return { index: 0, count };
  const pod = [variables.HOSTNAME ?? '', host].map(podOf).find((known) => known !== undefined);
  if (pod === undefined) return { index: 0, count: 1, origin: 'assumed' };
  const { index, name } = pod;
  if (index < count) return { index, count, origin: 'ordinal' };
  throw new UsageError(
    `the host name ${name} says that this is worker ${index}, but ${number} is ${count}, which makes them 0 to ` +
      `${count - 1}; set it to the replicas of the StatefulSet, or say which part this is: --shard 0/${count}`,
  );
}

/** The four numbers of an address, as clouds name their machines by: `ip-10-0-0-2`. */
const address = /(^|-)\d{1,3}(-\d{1,3}){3}$/;

/** A StatefulSet names its pods `iot-0`, `iot-1` …; so is their host, whose domain may follow. */
function podOf(host: string): { readonly name: string; readonly index: number } | undefined {
  const name = host.replace(/\..*/, '');
  const [, ordinal] = address.test(name) ? [] : (/-(0|[1-9]\d*)$/.exec(name) ?? []);
  return ordinal === undefined ? undefined : { name, index: Number(ordinal) };
}

/** What `--shard i/n` says; undefined if it was not given. */
export function givenShard(given: unknown): Share | undefined {
  if (given === undefined) return undefined;
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(String(given)) ?? [];
  if (index === undefined || Number(index) >= Number(count)) {
    throw new UsageError(
      `--shard is '${String(given)}'; the part and the number of parts are expected, such as 0/4 … 3/4`,
    );
  }
  return { index: Number(index), count: Number(count) };
}

function countOf(name: string, given: string | undefined): number {
  const count = Number(given);
  if (Number.isInteger(count) && count > 0) return count;
  throw new UsageError(`${name} is '${String(given)}'; the number of workers is expected, such as 4`);
}
