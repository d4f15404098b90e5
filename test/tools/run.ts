import { spawn } from 'node:child_process';

/** How a command ended, with what it printed on both streams. */
export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end, without a shell or input; a program that cannot be started ends with code 127. */
export function tryRun(program: string, args: readonly string[], options: { cwd?: string } = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** As `tryRun`, but any code other than 0 is an error that shows the end of what was printed. */
export async function run(program: string, args: readonly string[], options: { cwd?: string } = {}): Promise<string> {
  const { code, output } = await tryRun(program, args, options);
  if (code === 0) return output;
  throw new Error(`${program} ${args.join(' ')}: exit code ${code}\n${output.slice(-2000)}`);
}
