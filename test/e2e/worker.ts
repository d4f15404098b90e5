import { fileURLToPath } from 'node:url';
import { katydidCli } from '../tools/katydid.ts';
import { Child } from './child.ts';
import type { Master } from './master.ts';

export interface WorkerOptions {
  readonly users: string;
  /** Load threads; two if not told. */
  readonly threads?: number;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

/** The path of a user file of these tests. */
export const userFile = (name: string): string => fileURLToPath(new URL(`users/${name}`, import.meta.url));

/** Starts a worker of a master; it is not yet known to it. */
export function startWorker(master: Master, { users, threads = 2, args = [], env = {} }: WorkerOptions): Child {
  const where = ['--master-host', '127.0.0.1', '--master-port', String(master.port)];
  const flags = ['--worker', '-f', users, ...where, '--processes', String(threads), ...args];
  return new Child('worker', process.execPath, [katydidCli, ...flags], env);
}
