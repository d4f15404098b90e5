import { isRecord } from './frame.ts';
import { BrokenFrameError, type MasterMessage } from './message.ts';

/** Users of one worker. A corrupted count must not start users until the memory ends. */
const maxUsers = 1_000_000;

/** By the word on the wire; a Map, since `constructor` is a word as well. */
const readers: ReadonlyMap<string, (data: unknown) => MasterMessage> = new Map<
  string,
  (data: unknown) => MasterMessage
>([
  ['ack', readAck],
  ['spawn', readSpawn],
  ['spawning_complete', (data) => ({ type: 'spawningComplete', userCount: whole(record(data), 'user_count') })],
  ['stop', () => ({ type: 'stop' })],
  ['quit', () => ({ type: 'quit' })],
  ['heartbeat', () => ({ type: 'heartbeat' })],
  ['reconnect', () => ({ type: 'reconnect' })],
  ['update_user_class', readUpdateUserClass],
]);

/**
 * What the master orders with this word and data: as a whole, or not at all.
 *
 * @throws BrokenFrameError naming the field.
 */
export function readOrder(messageType: string, data: unknown): MasterMessage {
  const read = readers.get(messageType);
  if (read === undefined) return { type: 'custom', messageType, data };
  try {
    return read(data);
  } catch (error) {
    if (!(error instanceof BrokenFrameError)) throw error;
    throw new BrokenFrameError(`${messageType}: ${error.message}`, { cause: error });
  }
}

/** Masters before 2.11 send nil. */
function readAck(data: unknown): MasterMessage {
  if (data === null) return { type: 'ack', index: -1 };
  const fields = record(data);
  return { type: 'ack', index: fields.index === undefined ? -1 : whole(fields, 'index') };
}

function readSpawn(data: unknown): MasterMessage {
  const fields = record(data);
  return {
    type: 'spawn',
    timestamp: finite(fields, 'timestamp'),
    userClassesCount: counts(fields, 'user_classes_count'),
    host: text(fields, 'host', '') || null,
    // Null before 2.13.
    stopTimeout: Math.max(0, fields.stop_timeout == null ? 0 : finite(fields, 'stop_timeout')),
    // Missing before 2.2.
    parsedOptions: new Map(
      Object.entries(fields.parsed_options == null ? {} : record(fields.parsed_options, 'parsed_options')),
    ),
  };
}

function readUpdateUserClass(data: unknown): MasterMessage {
  const { user_class_name: _, tasks: given, ...attributes } = record(data);
  const fields = record(data);
  const order = {
    type: 'updateUserClass',
    userClassName: text(fields, 'user_class_name'),
    attributes: new Map(Object.entries(attributes)),
  } as const;
  if (given === undefined) return order;
  if (!Array.isArray(given) || !given.every((task) => typeof task === 'string')) {
    throw new BrokenFrameError('tasks is not a list of names');
  }
  return { ...order, tasks: given };
}

function counts(fields: Record<string, unknown>, key: string): ReadonlyMap<string, number> {
  const given = record(fields[key], key);
  const names = Object.keys(given);
  const users = names.reduce((sum, name) => sum + whole(given, name), 0);
  if (users > maxUsers) throw new BrokenFrameError(`${users} users are more than ${maxUsers}`);
  return new Map(names.map((name) => [name, whole(given, name)]));
}

function record(value: unknown, name = 'data'): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new BrokenFrameError(`${name} is not a map`);
}

function whole(fields: Record<string, unknown>, key: string): number {
  const value = fields[key];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new BrokenFrameError(`${key} is not a whole number from 0`);
}

function finite(fields: Record<string, unknown>, key: string): number {
  const value = fields[key];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new BrokenFrameError(`${key} is not a finite number`);
}

function text(fields: Record<string, unknown>, key: string, otherwise?: string): string {
  const value = fields[key] ?? otherwise;
  if (typeof value === 'string') return value;
  throw new BrokenFrameError(`${key} is not text`);
}
