import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Strain } from './port.ts';

/** Milliseconds; each sample of the delay takes this long by itself. */
const delayResolution = 10;

/** A thread tells of itself each second; one that has not for so long, ms, does not come to it. */
const silence = 2000;
const noStrain: Strain = { busy: 0, lag: 0 };

/** Of two strains the worse, in each respect. */
function harder(a: Strain, b: Strain): Strain {
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

interface Told {
  strain: Strain;
  /** By the monotonic clock, ms. */
  at: number;
  isTaken: boolean;
}

/** How hard the hardest working of several threads had to work, as far as they came to tell of it. */
export class Strains {
  readonly #told = new Map<object, Told>();

  /** A thread, by anything that stands for it, has told of its last second. `now` by the monotonic clock, ms. */
  add(thread: object, strain: Strain, now: number = performance.now()): void {
    const known = this.#told.get(thread);
    const isMore = known !== undefined && !known.isTaken;
    this.#told.set(thread, { strain: isMore ? harder(known.strain, strain) : strain, at: now, isTaken: false });
  }

  /** Since the last call. Of a thread that told nothing the last strain holds; when it is silent for long, it is blocked. */
  take(now: number = performance.now()): Strain {
    let hardest = noStrain;
    for (const told of this.#told.values()) {
      const quiet = now - told.at;
      hardest = harder(hardest, quiet < silence ? told.strain : { busy: 1, lag: quiet });
      told.isTaken = true;
    }
    return hardest;
  }
}
