// Duty: the classifiers in three languages over two protocols, each as the program that it is, for tests that need all six.
import type { TestContext } from 'node:test';
import { goClassifier, type Program, pythonClassifier } from '../tools/classifiers.ts';
import { katydidCli } from '../tools/katydid.ts';
import { need } from '../tools/need.ts';
import { Child } from './child.ts';

const inNode = (...args: string[]): Promise<Program> =>
  Promise.resolve({ command: process.execPath, args: [katydidCli, 'target', 'classifier', ...args], env: {} });

const programs: readonly (readonly [name: string, find: () => Promise<Program>, portFlag: string])[] = [
  ['TypeScript, REST', () => inNode('--no-grpc'), '--rest'],
  ['TypeScript, gRPC', () => inNode('--no-rest'), '--grpc'],
  ['Python, REST', () => pythonClassifier('rest.py'), '--port'],
  ['Python, gRPC', () => pythonClassifier('grpc_server.py'), '--port'],
  ['Go, REST', () => goClassifier('rest'), '--port'],
  ['Go, gRPC', () => goClassifier('grpc'), '--port'],
];

/** A server that runs. */
export interface ClassifierServer {
  readonly name: string;
  /** As users take it: a URL of REST, an address of gRPC. */
  readonly host: string;
  /** Ends it; how many calls it says it had. */
  end(): Promise<number>;
}

/** Starts all six on free ports; undefined if a language is missing here. The test's end takes them down. */
export async function startClassifiers(t: TestContext): Promise<readonly ClassifierServer[] | undefined> {
  const found: (readonly [string, Program, string])[] = [];
  for (const [name, find, portFlag] of programs) {
    const program = await need(t, find);
    if (program === undefined) return undefined;
    found.push([name, program, portFlag]);
  }
  return Promise.all(
    found.map(async ([name, { command, args, env }, portFlag]) => {
      const child = new Child(name, command, [...args, portFlag, '0'], env);
      t.after(() => child.end('SIGKILL'));
      const said = /listens on (?:http:\/\/)?([\d.]+:\d+)/;
      await child.said(said, 60);
      const [, address = ''] = said.exec(child.output) ?? [];
      return {
        name,
        host: name.endsWith('REST') ? `http://${address}` : address,
        end: async () => {
          await child.end('SIGTERM');
          return Number(/had (\d+) calls/.exec(child.output)?.[1]);
        },
      };
    }),
  );
}
