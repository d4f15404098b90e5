import { spawn } from 'node:child_process';
import { UsageError } from '../errors.ts';
import { isoOf } from './moment.ts';
import type { LogSource } from './source.ts';

/** Which pods' logs are asked for. */
export interface PodSelection {
  /** As kubectl's `--selector`: `app=katydid-iot`. */
  readonly selector: string;
  readonly namespace?: string | undefined;
  /** Nothing of before is needed; µs since the epoch. */
  readonly since: number;
  /** The program; `kubectl` of the PATH if not given. */
  readonly program?: string | undefined;
}

/** Clocks of the cluster and of this window may differ by so much, in µs. */
const margin = 60_000_000;
const toldOfError = 2000;

/** What kubectl is asked; `--tail=-1`, since with a selector it would give the last ten lines of each pod only. */
export function kubectlArguments({ selector, namespace, since }: PodSelection): string[] {
  return [
    'logs',
    `--selector=${selector}`,
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
    '--all-containers',
    '--prefix',
    '--tail=-1',
    `--since-time=${isoOf(since - margin)}`,
  ];
}

/** The logs of all pods of a selection, by `kubectl logs`: started without a shell, when it is read. */
export function kubectlSource(selection: PodSelection): LogSource {
  const name = `kubectl logs --selector=${selection.selector}`;
  return {
    name,
    async *bytes() {
      const program = selection.program ?? 'kubectl';
      const child = spawn(program, kubectlArguments(selection), { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-toldOfError);
      });
      const ended = new Promise<string | undefined>((resolve) => {
        child.once('error', (error) => resolve(`cannot be started: ${error.message}; is kubectl on the PATH?`));
        child.once('close', (code) => resolve(code === 0 ? undefined : `ended with code ${code}: ${said.trim()}`));
      });
      try {
        yield* child.stdout as AsyncIterable<Buffer>;
        const problem = await ended;
        if (problem !== undefined) throw new UsageError(`${name} ${problem}`);
      } finally {
        // The reader may have stopped before the end.
        child.kill();
      }
    },
  };
}
