import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

interface Start {
  /** Of Node. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts katydid from its source in this folder. */
export function start(
  folder: string,
  argv: readonly string[],
  { flags = [], env = {} }: Start = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...flags, '--import', import.meta.resolve('tsx'), cli, ...argv], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
}

/** Runs it to its end, with this text as its standard input. */
export function katydid(
  folder: string,
  argv: readonly string[],
  { input = '', ...how }: Start & { readonly input?: string } = {},
): Promise<Ran> {
  const child = start(folder, argv, how);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // it may end before it has read anything
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}
