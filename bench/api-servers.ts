// Duty: the six text classifiers, REST and gRPC in three languages, each on the core that the worker does not have.
import type { Child } from '../test/e2e/child.ts';
import { goClassifier, type Program, pythonClassifier } from '../test/tools/classifiers.ts';
import { katydidCli } from '../test/tools/katydid.ts';
import { cores, startOn } from './cores.ts';

export interface ApiServer {
  /** `REST, Go`. */
  readonly name: string;
  readonly isGrpc: boolean;
  /** The file of `bench/users/` that asks it. */
  readonly users: string;
  /** Installs and builds what it needs. */
  find(): Promise<Program>;
  /** The flag that says its port. */
  readonly port: string;
}

const rest = { isGrpc: false, users: 'rest-text' } as const;
const grpc = { isGrpc: true, users: 'grpc-text' } as const;
const typescript = (...args: readonly string[]): Promise<Program> =>
  Promise.resolve({ command: process.execPath, args: [katydidCli, 'target', 'classifier', ...args], env: {} });

export const apiServers: readonly ApiServer[] = [
  { ...rest, name: 'REST, TypeScript', find: () => typescript('--no-grpc'), port: '--rest' },
  { ...grpc, name: 'gRPC, TypeScript', find: () => typescript('--no-rest'), port: '--grpc' },
  { ...rest, name: 'REST, Python', find: () => pythonClassifier('rest.py'), port: '--port' },
  { ...grpc, name: 'gRPC, Python', find: () => pythonClassifier('grpc_server.py'), port: '--port' },
  { ...rest, name: 'REST, Go', find: () => goClassifier('rest'), port: '--port' },
  { ...grpc, name: 'gRPC, Go', find: () => goClassifier('grpc'), port: '--port' },
];

export interface StartedServer {
  readonly child: Child;
  /** What a worker is told. */
  readonly host: string;
}

/** Starts one on a free port. */
export async function startServer({ name, port }: ApiServer, program: Program): Promise<StartedServer> {
  const { command, args, env } = program;
  const child = startOn(cores.target, name, [command, ...args, port, '0'], env);
  const said = /listens on (?:http:\/\/)?([\d.]+:\d+)/;
  await child.said(said);
  return { child, host: `http://${said.exec(child.output)?.[1] ?? ''}` };
}
