import { encode } from '@msgpack/msgpack';
import { decodeMessage } from '../../src/protocol/codec.ts';
import { BrokenFrameError, type MasterMessage } from '../../src/protocol/message.ts';

/** The order in a frame, or the error over it; anything else that is thrown fails the test. */
export function outcome(frame: Uint8Array): MasterMessage | BrokenFrameError {
  try {
    return decodeMessage(frame);
  } catch (error) {
    if (error instanceof BrokenFrameError) return error;
    throw error;
  }
}

/** Why a frame was not accepted. */
export function reasonOf(frame: Uint8Array): string {
  const result = outcome(frame);
  return result instanceof BrokenFrameError ? result.message : `accepted: ${JSON.stringify(result)}`;
}

/** A frame of the master. */
export function order(type: unknown, data: unknown, nodeId: unknown = 'w'): Uint8Array {
  return encode([type, data, nodeId]);
}

/** Numbers are bytes, text is UTF-8. */
export function bytes(...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part))));
}
