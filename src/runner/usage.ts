import { StrainGauge } from '../swarm/strain.ts';

/** What the process used. */
export interface Usage {
  /** Percent; 100 when all load threads are busy, for each of them has a core. */
  readonly cpu: number;
  /** Resident bytes. */
  readonly memory: number;
  /** The longest time since the last sample in which this thread, that of the protocol, was not free. Milliseconds. */
  readonly lag: number;
}

/** Above this the generator itself may slow down what it measures. Locust's threshold. */
export const cpuWarningPercent = 90;

/** What is said above it. */
export function cpuWarning(percent: number): string {
  return `CPU usage is ${Math.round(percent)} %: response times may be the generator's own; use more --processes or workers`;
}

/**
 * Samples CPU and memory of the process between two calls. Locust has one process a core and so do its 100 %; here one
 * process has several load threads, and 100 % means that all of them are busy.
 */
export class UsageMonitor {
  readonly #threads: number;
  readonly #strain: StrainGauge = new StrainGauge();
  #cpu: NodeJS.CpuUsage = process.cpuUsage();
  #at: number = performance.now();

  constructor(threads: number) {
    this.#threads = threads;
  }

  sample(): Usage {
    const used = process.cpuUsage(this.#cpu);
    const now = performance.now();
    const cpu = ((used.user + used.system) / 1000 / Math.max(1, now - this.#at) / this.#threads) * 100;
    this.#cpu = process.cpuUsage();
    this.#at = now;
    return { cpu, memory: process.memoryUsage.rss(), lag: this.#strain.take().lag };
  }
}
