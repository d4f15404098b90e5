import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Scale } from './mark.ts';
import type { ScaleSettings } from './settings.ts';

const lookMilliseconds = 500;
/** Seconds for one answer of a URL. */
const answerSeconds = 5;
/** Characters of a command's output that are told, its last ones. */
const toldLength = 400;

/** What a scale's command, or its readiness, failed with. */
export class ScalingError extends Error {
  override readonly name = 'ScalingError';
}

/** Scales the system under test, and waits until it is ready. `signal` ends it. */
export async function scaleTo(scale: Scale, settings: ScaleSettings, signal: AbortSignal): Promise<void> {
  const { command, ready, pause } = settings;
  if (command !== undefined) {
    const line = filled(command, scale);
    const { code, output } = await shell(line, scale, signal);
    if (code !== 0) throw new ScalingError(`'${line}' ended with ${code}: ${output.trim().slice(-toldLength)}`);
  }
  if (ready !== undefined && !(await untilReady(ready, scale, settings.readyTimeout, signal))) {
    throw new ScalingError(`'${filled(ready, scale)}' was not ready within ${settings.readyTimeout} s`);
  }
  await delay(pause * 1000, undefined, { signal });
}

/** Whether it answers, or succeeds, now. A command that takes longer than so many seconds does not. */
export async function isReady(ready: string, scale: Scale, seconds: number, signal: AbortSignal): Promise<boolean> {
  const text = filled(ready, scale);
  const isUrl = /^https?:\/\//.test(text);
  // Not AbortSignal.any of AbortSignal.timeout: Node 20 may collect the latter before it is due.
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const timer = setTimeout(end, (isUrl ? answerSeconds : seconds) * 1000);
  signal.addEventListener('abort', end);
  try {
    signal.throwIfAborted();
    if (!isUrl) return (await shell(text, scale, ending.signal)).code === 0;
    const answer = await fetch(text, { signal: ending.signal });
    await answer.body?.cancel();
    return answer.status < 500;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

async function untilReady(ready: string, scale: Scale, seconds: number, signal: AbortSignal): Promise<boolean> {
  const due = performance.now() + seconds * 1000;
  do {
    const left = Math.max(answerSeconds, (due - performance.now()) / 1000);
    if (await isReady(ready, scale, left, signal)) return true;
    await delay(lookMilliseconds, undefined, { signal });
  } while (performance.now() < due);
  return false;
}

/** `{scale}` stands for the value. */
export function filled(text: string, scale: Scale): string {
  return text.replaceAll('{scale}', String(scale));
}

/** Runs a line in a shell, with `SCALE` set; its output and exit code. `signal` ends all that it started. */
export async function shell(
  line: string,
  scale: Scale | undefined,
  signal?: AbortSignal,
): Promise<{ readonly code: number; readonly output: string }> {
  signal?.throwIfAborted();
  const env = { ...process.env, ...(scale === undefined ? {} : { SCALE: String(scale) }) };
  // A group of its own: the shell alone would leave the commands of a pipeline behind.
  const child = spawn(line, { shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });
  const end = (): void => endGroup(child.pid);
  // A group of its own hears no Ctrl-C of the terminal either.
  process.once('exit', end);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = `${output}${chunk.toString('utf8')}`.slice(-10_000);
    });
  }
  try {
    // Not `close`: what it starts in the background may keep its output open.
    const [code] = (await once(child, 'exit', { signal })) as [number | null];
    return { code: code ?? 1, output };
  } catch (thrown) {
    end();
    throw thrown;
  } finally {
    process.off('exit', end);
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}
