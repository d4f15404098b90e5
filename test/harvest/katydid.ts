import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Runs katydid from its source in this folder, with this text as its standard input. */
export function katydid(
  folder: string,
  argv: readonly string[],
  {
    input = '',
    flags = [],
    env = {},
  }: { input?: string; flags?: readonly string[]; env?: Record<string, string> } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [...flags, '--import', import.meta.resolve('tsx'), cli, ...argv], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
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
