import { spawn } from 'node:child_process';
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
  const until = (limit: number): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(limit * 1000)]);
  try {
    if (!/^https?:\/\//.test(text)) return (await shell(text, scale, until(seconds))).code === 0;
    const answer = await fetch(text, { signal: until(answerSeconds) });
    await answer.body?.cancel();
    return answer.status < 500;
  } catch {
    return false;
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

/** Runs a line in a shell, with `SCALE` set; its output and exit code. */
export function shell(
  line: string,
  scale: Scale | undefined,
  signal?: AbortSignal,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...(scale === undefined ? {} : { SCALE: String(scale) }) };
    const child = spawn(line, { shell: true, stdio: ['ignore', 'pipe', 'pipe'], env, ...(signal ? { signal } : {}) });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        output = `${output}${chunk.toString('utf8')}`.slice(-10_000);
      });
    }
    child.once('error', reject);
    // Not `close`: what it starts in the background may keep its output open.
    child.once('exit', (code) => resolve({ code: code ?? 1, output }));
  });
}
