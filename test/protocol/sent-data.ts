import { decode } from '@msgpack/msgpack';
import { encodeMessage } from '../../src/protocol/codec.ts';
import type { WorkerMessage } from '../../src/protocol/message.ts';

/** The data of a message, as the library reads it. */
export function sentData(message: WorkerMessage): Record<string, unknown> {
  const [, data] = decode(encodeMessage(message, 'w')) as [string, Record<string, unknown>];
  return data;
}
