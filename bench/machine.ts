// Duty: what else is to be known of a measurement: machine, versions, how busy it was.
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** The machine's load averages over 1, 5 and 15 minutes. */
export const loadAverage = (): string => readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ');

/** One line about the machine and the runtime. */
export function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${model}), ${gigabytes} GiB, Linux ${release()}, Node ${process.version}`;
}

/** Says on stderr how far a bench is; the tables alone go to stdout. */
export const progress = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Runs a bench between two lines of what the machine was like. */
export async function described(bench: () => Promise<void>): Promise<void> {
  const before = loadAverage();
  await bench();
  process.stdout.write(`${machine()}. Load average ${before} at the start, ${loadAverage()} at the end.\n`);
}
