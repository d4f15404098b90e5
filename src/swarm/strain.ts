import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Strain } from './port.ts';

/** Milliseconds; each sample of the delay takes this long by itself. */
const delayResolution = 10;

export const noStrain: Strain = { busy: 0, lag: 0 };

/** Of two strains the worse, in each respect. */
export function harder(a: Strain, b: Strain): Strain {
  return { busy: Math.max(a.busy, b.busy), lag: Math.max(a.lag, b.lag) };
}

/** Measures how hard the thread works that makes it. */
export class StrainGauge {
  readonly #delay = monitorEventLoopDelay({ resolution: delayResolution });
  #utilization: EventLoopUtilization = performance.eventLoopUtilization();

  constructor() {
    this.#delay.enable();
  }

  /** Since the last call. */
  take(): Strain {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization);
    this.#utilization = now;
    const lag = Math.max(0, this.#delay.max / 1e6 - delayResolution);
    this.#delay.reset();
    return { busy: utilization, lag };
  }
}
