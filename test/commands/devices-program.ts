// `katydid devices` as a program of its own, from its source.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ran: Promise<Ran>;
}

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Starts it in this folder, without variables that are for it, but those given. */
export function start(folder: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(LOCUST|KATYDID|LTK|CLEARBLADE|NODE_TEST)/.test(name),
  );
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), cli, 'devices', ...argv], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...env },
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const ran = once(child, 'close').then(([code, signal]): Ran => {
    return { code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
  });
  return { child, ran };
}

/** Runs it to its end. */
export function katydidDevices(
  folder: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return start(folder, argv, env).ran;
}
