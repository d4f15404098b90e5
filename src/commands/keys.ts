import { readFileSync } from 'node:fs';

/** The part of stdin that is needed. */
export interface KeySource {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data', listener: (data: Buffer | string) => void): unknown;
  off(event: 'data', listener: (data: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** Keys that the terminal itself turns into signals, but for this program, which reads each key as it is pressed. */
const signals: Readonly<Record<string, NodeJS.Signals>> = {
  '\u0003': 'SIGINT',
  '\u001c': 'SIGQUIT',
};

/**
 * Calls `onKey` for each key that is pressed, on a terminal only. Returns a function that gives the terminal back as it
 * was; it may be called twice.
 */
export function listenToKeys(
  source: KeySource,
  onKey: (key: string) => void,
  onSignal: (signal: NodeJS.Signals) => void = (signal) => process.kill(process.pid, signal),
): () => void {
  if (source.isTTY !== true || source.setRawMode === undefined) return () => {};
  const listen = (data: Buffer | string): void => {
    for (const key of data.toString()) {
      const signal = signals[key];
      if (signal === undefined) onKey(key);
      else onSignal(signal);
    }
  };
  source.setRawMode(true);
  source.on('data', listen);
  source.resume();
  const end = (): void => {
    process.off('exit', end);
    source.off('data', listen);
    source.setRawMode?.(false);
    source.pause();
  };
  process.on('exit', end);
  return end;
}

/** How many users a key starts, or stops if negative: Locust's w, W, s, S. */
export function usersOfKey(key: string): number | undefined {
  return new Map([
    ['w', 1],
    ['W', 10],
    ['s', -1],
    ['S', -10],
  ]).get(key);
}

/** Whether the terminal is this program's: a job in the background would be stopped if it read from it. */
export function isInForeground(read: (path: string) => string = (path) => readFileSync(path, 'utf8')): boolean {
  try {
    // After the name in brackets: state, parent, process group, session, terminal, the terminal's process group.
    const [, , group, , , foreground] = read('/proc/self/stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    return group === foreground;
  } catch {
    return true;
  }
}
