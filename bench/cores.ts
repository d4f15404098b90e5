// Duty: starts the processes of a bench, each on its core, and ends them all when the bench ends, however it ends.
import { Child } from '../test/e2e/child.ts';

/** Bit masks for `taskset`: the load generator has one core, the target and the master the other. */
export const cores = { target: '0x1', generator: '0x2', all: '0x3' } as const;
export type Cores = (typeof cores)[keyof typeof cores];

const started = new Set<Child>();

/** Watches over a process that this bench has started. */
export function keep(child: Child): Child {
  started.add(child);
  void child.ended.then(() => started.delete(child));
  return child;
}

/** Starts a program on some cores; `taskset` becomes the program, so its pid is that of the program. */
export function startOn(
  on: Cores,
  name: string,
  [program, ...args]: readonly [string, ...string[]],
  env: Record<string, string> = {},
): Child {
  return keep(new Child(name, 'taskset', [on, program, ...args], env));
}

/** Runs a bench; whatever it has started and not ended is ended after it, by pid. */
export async function whileWatched(bench: () => Promise<void>): Promise<void> {
  const endAll = (): Promise<unknown> => Promise.all([...started].map((child) => child.end('SIGTERM', 5)));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void endAll().then(() => process.exit(130)));
  }
  try {
    await bench();
  } finally {
    await endAll();
  }
}
