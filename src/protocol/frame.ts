import { isUint8Array } from 'node:util/types';
import { Decoder } from '@msgpack/msgpack';
import { parseDatetime } from './datetime.ts';
import { checkFrame } from './frame-check.ts';
import { BrokenFrameError } from './message.ts';

const decoder = new Decoder({ useBigInt64: true, mapKeyConverter });

/**
 * The value in a frame: maps as plain objects, Python's datetimes as Dates, integers beyond 2^53 as BigInts.
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

/** Keys become text, as in Python's JSON; a name as `constructor` is an own property like any other. */
function mapKeyConverter(key: unknown): string | number {
  if (typeof key === 'string' || typeof key === 'number') return key;
  if (key === null || typeof key === 'boolean' || typeof key === 'bigint') return String(key);
  throw new BrokenFrameError('a map has a key that is neither text nor a number');
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
  const date = Object.hasOwn(value, '__datetime__') ? parseDatetime(value.as_str) : undefined;
  if (date !== undefined) return date;
  for (const key of Object.keys(value)) value[key] = settle(value[key]);
  return value;
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Whether it is what the decoder makes of a map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
