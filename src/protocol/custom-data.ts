import { isDate, isMap, isSet, isUint8Array } from 'node:util/types';
import { UsageError } from '../errors.ts';
import { formatDatetime, isReadableDatetime } from './datetime.ts';
import type { Packer } from './packer.ts';

/** Python's reader gives up at 1024 levels, which ends the master's listener for good; its writer at 511. */
const maxDepth = 200;

/** Keys that turn a map into something else on the master, and end its listener if the content does not fit. */
const datetimeKey = '__datetime__';
const objectIdKey = '__ObjectId__';

interface Walk {
  readonly packer: Packer;
  readonly path: (string | number)[];
  readonly ancestors: Set<object>;
  /** For the person who made the data: what it is of. */
  readonly owner: string;
}

/**
 * Writes what a user handed over: text, numbers (NaN and infinite ones as nil), booleans, null, BigInts of 64 bits,
 * Dates, Uint8Arrays, arrays, Sets (as lists), Maps, and objects by their own enumerable fields.
 *
 * @param owner names the data in an error, as in `message 'order'`.
 * @throws UsageError naming the place and what is there: what msgpack cannot hold, or what would harm the master.
 */
export function packCustomData(packer: Packer, data: unknown, owner: string): void {
  pack({ packer, path: [], ancestors: new Set(), owner }, data);
}

function pack(walk: Walk, value: unknown): void {
  const { packer } = walk;
  if (value === null || value === undefined) packer.nil();
  else if (typeof value === 'string') packer.string(value);
  else if (typeof value === 'boolean') packer.boolean(value);
  else if (typeof value === 'number') Number.isFinite(value) ? packer.number(value) : packer.nil();
  else if (typeof value === 'bigint') packBigint(walk, value);
  else if (typeof value !== 'object') refuse(walk, `is a ${typeof value}`);
  else if (isUint8Array(value)) packer.binary(value);
  else if (isDate(value)) packDate(walk, value);
  else packContainer(walk, value);
}

function packBigint(walk: Walk, value: bigint): void {
  if (value < -(2n ** 63n) || value >= 2n ** 64n) refuse(walk, `is ${value}, which does not fit into 64 bits`);
  walk.packer.bigint(value);
}

function packDate(walk: Walk, date: Date): void {
  const text = formatDatetime(date) ?? refuse(walk, 'is a Date that is invalid or not of the years 1 to 9999');
  walk.packer.map(2);
  walk.packer.string(datetimeKey);
  walk.packer.boolean(true);
  walk.packer.string('as_str');
  walk.packer.string(text);
}

function packContainer(walk: Walk, value: object): void {
  if (walk.ancestors.has(value)) refuse(walk, 'holds itself');
  if (walk.path.length >= maxDepth) refuse(walk, `is nested more than ${maxDepth} levels deep`);
  walk.ancestors.add(value);
  if (Array.isArray(value) || isSet(value)) packList(walk, [...value]);
  else if (isMap(value)) packMap(walk, [...value]);
  else if (Object.prototype.toString.call(value) === '[object Object]') packMap(walk, Object.entries(value));
  else refuse(walk, `is ${article(Object.prototype.toString.call(value).slice(8, -1))}`);
  walk.ancestors.delete(value);
}

function packList(walk: Walk, values: readonly unknown[]): void {
  walk.packer.array(values.length);
  for (const [index, value] of values.entries()) inside(walk, index, () => pack(walk, value));
}

function packMap(walk: Walk, entries: readonly (readonly [unknown, unknown])[]): void {
  checkMarkers(walk, new Map(entries));
  walk.packer.map(entries.length);
  for (const [key, value] of entries) {
    inside(walk, String(key), () => {
      packKey(walk, key);
      pack(walk, value);
    });
  }
}

/** Only what Python can hash: a list or a map as a key would end the master's listener. */
function packKey(walk: Walk, key: unknown): void {
  if (key === null || typeof key === 'boolean' || typeof key === 'string' || typeof key === 'bigint') pack(walk, key);
  else if (typeof key === 'number' && Number.isFinite(key)) walk.packer.number(key);
  else refuse(walk, `is a key of type ${typeof key}`);
}

/** The master turns maps with these keys into a datetime or an ObjectId before it looks at anything else. */
function checkMarkers(walk: Walk, map: ReadonlyMap<unknown, unknown>): void {
  const text = map.get('as_str');
  if (map.has(datetimeKey)) {
    if (!isReadableDatetime(text)) refuse(walk, `has the key ${datetimeKey}, but no date as as_str; send a Date`);
  } else if (map.has(objectIdKey)) {
    if (typeof text !== 'string' || !/^[0-9a-f]{24}$/i.test(text)) {
      refuse(walk, `has the key ${objectIdKey}, but no 24 hex digits as as_str`);
    }
  }
}

function inside(walk: Walk, step: string | number, body: () => void): void {
  walk.path.push(step);
  body();
  walk.path.pop();
}

function refuse(walk: Walk, what: string): never {
  const steps = walk.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  const place = `data${(steps.length > 8 ? [...steps.slice(0, 7), '…'] : steps).join('')}`;
  throw new UsageError(
    `${walk.owner}: ${place} ${what}. A master reads text, numbers, booleans, null, lists, maps, Dates and Uint8Arrays.`,
  );
}

function article(name: string): string {
  return /^[AEIO]/.test(name) ? `an ${name}` : `a ${name}`;
}
