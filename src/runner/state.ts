// How many users run, and when: the state of a worker, and what may be ordered in it. Locust's words.
import type { MasterMessage } from '../protocol/message.ts';

/**
 * `connecting`: not acknowledged by the master (yet, or any more). `stopping`: from a `stop` until the worker is ready
 * again. `quitting`: it ends.
 */
export type RunnerState = 'connecting' | 'ready' | 'spawning' | 'running' | 'stopping' | 'quitting';

/** How a worker stands with its master, counted since the worker began. */
export interface MasterVitals {
  readonly state: RunnerState;
  readonly heartbeatsSent: number;
  readonly heartbeatsReceived: number;
  /** Messages of the master that could not be read. */
  readonly brokenMessages: number;
}

const always: readonly MasterMessage['type'][] = ['ack', 'heartbeat', 'reconnect', 'custom', 'quit', 'updateUserClass'];

/** Which orders are carried out in which state; any other is logged and dropped. */
export const orders: Readonly<Record<RunnerState, readonly MasterMessage['type'][]>> = {
  connecting: [...always, 'stop'],
  ready: [...always, 'spawn', 'stop', 'spawningComplete'],
  spawning: [...always, 'spawn', 'stop', 'spawningComplete'],
  running: [...always, 'spawn', 'stop', 'spawningComplete'],
  stopping: [...always, 'spawn', 'stop', 'spawningComplete'],
  quitting: [],
};

/** What a heartbeat may say; with any other word the master counts the worker as gone. */
export function wireState(state: RunnerState): 'ready' | 'spawning' | 'running' {
  if (state === 'spawning' || state === 'running') return state;
  return state === 'ready' || state === 'connecting' ? 'ready' : 'running';
}
