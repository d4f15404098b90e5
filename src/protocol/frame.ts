import { isUint8Array } from 'node:util/types';
import { Decoder } from '@msgpack/msgpack';
import { checkFrame } from './frame-check.ts';
import { BrokenFrameError } from './message.ts';

const decoder = new Decoder({ useBigInt64: true, mapKeyConverter });

/** Marks a key that was no text: the decoder makes objects only, whose keys are. */
const mark = '\0';

/**
 * The value in a frame, without a loss: maps as plain objects, or as Maps if a key is no text; integers beyond 2^53 as
 * BigInts; Python's datetimes as the maps that Locust writes them as, for a Date has no microseconds.
 *
 * @throws BrokenFrameError for anything that is not exactly one value, too big, or nested too deep, and for maps that
 * have `__proto__` as a key, or a list, a map or bytes.
 */
export function unpackFrame(frame: Uint8Array): unknown {
  checkFrame(frame);
  try {
    return settle(decoder.decode(frame));
  } catch (error) {
    throw new BrokenFrameError(error instanceof Error ? error.message : 'not msgpack', { cause: error });
  }
}

function mapKeyConverter(key: unknown): string {
  if (typeof key === 'string') return key.startsWith(mark) ? `${mark}s${key}` : key;
  if (typeof key === 'number') return `${mark}n${key}`;
  if (typeof key === 'bigint') return `${mark}i${key}`;
  if (typeof key === 'boolean' || key === null) return `${mark}j${key}`;
  throw new BrokenFrameError('a map has a key that is neither text nor a number');
}

function keyOf(converted: string): unknown {
  if (!converted.startsWith(mark)) return converted;
  const rest = converted.slice(2);
  if (converted[1] === 's') return rest;
  if (converted[1] === 'i') return narrow(BigInt(rest));
  return converted[1] === 'n' ? Number(rest) : JSON.parse(rest);
}

/** Recursion is safe: the depth was checked. */
function settle(value: unknown): unknown {
  if (typeof value === 'bigint') return narrow(value);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) value[index] = settle(item);
    return value;
  }
  // Bytes of their own: those of the decoder are a window on the frame.
  if (isUint8Array(value)) return new Uint8Array(value);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value);
  if (keys.some((key) => key.startsWith(mark))) return mapOf(value);
  for (const key of keys) value[key] = settle(value[key]);
  return value;
}

function mapOf(value: Record<string, unknown>): unknown {
  const entries = Object.entries(value).map(([key, item]) => [keyOf(key), settle(item)] as const);
  const isText = entries.every(([key]) => typeof key === 'string');
  return isText ? Object.fromEntries(entries) : new Map(entries);
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Whether it is what the decoder makes of a map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
