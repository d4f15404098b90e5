import { log } from '../log.ts';
import type { Pool } from '../swarm/pool.ts';
import { Saturation } from './saturation.ts';
import { cpuWarning, cpuWarningPercent, UsageMonitor } from './usage.ts';

/** Seconds between two `usageMonitor` events: Locust's CPU_MONITOR_INTERVAL, as it is. */
const usageSeconds = 10;

/** How hard the generator works, looked at each second of a run without a master. */
export class Watch {
  readonly #pool: Pick<Pool, 'takeStrain' | 'notify'>;
  readonly #remark: (text: string) => void;
  readonly #monitor: UsageMonitor;
  readonly #saturation = new Saturation();
  #seconds = 0;
  #sumOfCpu = 0;
  #maxLag = 0;
  #hasWarned = false;

  /** `remark` gets each warning once: what may have spoilt the figures. */
  constructor(pool: Pick<Pool, 'takeStrain' | 'notify'>, threads: number, remark: (text: string) => void) {
    this.#pool = pool;
    this.#remark = remark;
    this.#monitor = new UsageMonitor(threads);
  }

  /** Of the last second: the longest time in which a load thread was not free, ms, and the CPU, percent. */
  look(hasUsers: boolean): { readonly lag: number; readonly cpu: number } {
    const strain = this.#pool.takeStrain();
    const { cpu, memory, lag } = this.#monitor.sample();
    const warning = hasUsers ? this.#saturation.add(strain) : undefined;
    if (warning !== undefined) this.#warn(warning);
    this.#sumOfCpu += cpu;
    this.#maxLag = Math.max(this.#maxLag, lag);
    if (++this.#seconds % usageSeconds === 0) this.#tellUsage(this.#sumOfCpu / usageSeconds, memory);
    return { lag: strain.lag, cpu };
  }

  #tellUsage(cpuUsage: number, memoryUsage: number): void {
    const megabytes = Math.round(memoryUsage / 1024 / 1024);
    const lag = this.#maxLag.toFixed(1);
    log.debug(`CPU ${cpuUsage.toFixed(1)} %, memory ${megabytes} MB, main thread at most ${lag} ms late`);
    [this.#sumOfCpu, this.#maxLag] = [0, 0];
    this.#pool.notify({ name: 'usageMonitor', cpuUsage, memoryUsage });
    if (cpuUsage <= cpuWarningPercent) return;
    this.#pool.notify({ name: 'cpuWarning', cpuUsage });
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#warn(cpuWarning(cpuUsage));
  }

  #warn(text: string): void {
    log.warning(text);
    this.#remark(`${text} (${new Date().toISOString()})`);
  }
}
