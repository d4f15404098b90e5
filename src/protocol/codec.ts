import { UsageError } from '../errors.ts';
import { packCustomData } from './custom-data.ts';
import { unpackFrame } from './frame.ts';
import {
  BrokenFrameError,
  type CustomMessage,
  type Heartbeat,
  type MasterMessage,
  type WorkerMessage,
} from './message.ts';
import { readOrder } from './order.ts';
import { Packer } from './packer.ts';
import { packNumber, packStats, packUserClassesCount } from './stats-report.ts';

/** Accepted without a warning by every master since 2.0.0: "not a version of Locust". */
const version = -1;

/** Locust's words for each message, except for custom ones. */
const words: Readonly<Record<Exclude<WorkerMessage['type'], 'custom'>, string>> = {
  clientReady: 'client_ready',
  heartbeat: 'heartbeat',
  stats: 'stats',
  spawning: 'spawning',
  spawningComplete: 'spawning_complete',
  clientStopped: 'client_stopped',
  quit: 'quit',
  exception: 'exception',
  logs: 'logs',
  locustfile: 'locustfile',
};

/** The master handles these itself, and most of them end its listener if the data is not what it expects. */
const reserved: ReadonlySet<string> = new Set(Object.values(words));

/**
 * The frame that tells the master `message`: msgpack of `[type, data, nodeId]`.
 *
 * @param nodeId has to be the identity of the socket.
 * @throws UsageError if the data of a custom message, or what was added to a report, cannot be sent.
 * @example encodeMessage({ type: 'spawning' }, 'host_0123'); // 93 a8 "spawning" c0 a9 "host_0123"
 */
export function encodeMessage(message: WorkerMessage, nodeId: string): Uint8Array {
  const packer = new Packer();
  packer.array(3);
  packer.string(message.type === 'custom' ? customType(message) : words[message.type]);
  packData(packer, message, nodeId);
  packer.string(nodeId);
  return packer.bytes();
}

/**
 * The order in a frame of the master.
 *
 * @throws BrokenFrameError, and nothing else, for whatever is none. The frame is to be logged and dropped as a whole.
 */
export function decodeMessage(frame: Uint8Array): MasterMessage {
  const message = unpackFrame(frame);
  if (!Array.isArray(message) || message.length !== 3) throw new BrokenFrameError('not a list of type, data, node id');
  const [messageType, data, nodeId]: readonly unknown[] = message;
  if (typeof messageType !== 'string') throw new BrokenFrameError('the type is not text');
  if (typeof nodeId !== 'string') throw new BrokenFrameError('the node id is not text');
  return readOrder(messageType, data);
}

function customType({ messageType }: CustomMessage): string {
  if (typeof messageType !== 'string') throw new UsageError('The type of a message to the master has to be text.');
  if (!reserved.has(messageType)) return messageType;
  throw new UsageError(`A message of type '${messageType}' is one of Locust's own. Give yours another name.`);
}

function packData(packer: Packer, message: WorkerMessage, nodeId: string): void {
  switch (message.type) {
    case 'clientReady':
      packer.integer(version);
      break;
    case 'heartbeat':
      packHeartbeat(packer, message);
      break;
    case 'stats':
      packStats(packer, message);
      break;
    case 'spawningComplete':
      packer.map(2);
      packer.string('user_classes_count');
      packUserClassesCount(packer, message.userClassesCount);
      packer.string('user_count');
      packNumber(packer, message.userCount);
      break;
    case 'exception':
      packException(packer, message.message, message.traceback);
      break;
    case 'logs':
      packLogs(packer, message.lines, nodeId);
      break;
    case 'locustfile':
      packer.map(1);
      packer.string('version');
      packer.string(String(version));
      break;
    case 'custom':
      packCustomData(packer, message.data, `message '${message.messageType}'`);
      break;
    default:
      packer.nil();
  }
}

function packHeartbeat(packer: Packer, { state, cpuUsage, memoryUsage }: Heartbeat): void {
  packer.map(3);
  packer.string('state');
  packer.string(state);
  packer.string('current_cpu_usage');
  packNumber(packer, cpuUsage);
  packer.string('current_memory_usage');
  packNumber(packer, memoryUsage);
}

function packException(packer: Packer, message: string, traceback: string): void {
  packer.map(2);
  packer.string('msg');
  packer.string(message);
  packer.string('traceback');
  packer.string(traceback);
}

function packLogs(packer: Packer, lines: readonly string[], nodeId: string): void {
  packer.map(2);
  packer.string('worker_id');
  packer.string(nodeId);
  packer.string('logs');
  packer.array(lines.length);
  for (const line of lines) packer.string(line);
}
