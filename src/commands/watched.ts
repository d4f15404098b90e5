import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { Metrics, type Vitals } from '../monitor/metrics.ts';
import { type Health, Monitor } from '../monitor/monitor.ts';
import type { Arguments } from './arguments.ts';

/** What is told on the health port: nothing if none is asked for. */
export class Watched {
  readonly #vitals: () => Vitals & Health;
  #metrics: Metrics | undefined;

  constructor(vitals: () => Vitals & Health) {
    this.#vitals = vitals;
  }

  /** Opens `--health-port`, if it is given. */
  async open({ healthPort: port, healthHost }: Arguments): Promise<void> {
    if (port === undefined) return;
    if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new UsageError(`--health-port is ${String(port)}; a port from 0 to 65535 is expected`);
    }
    this.#metrics = new Metrics(this.#vitals);
    const monitor = await Monitor.listen(port, healthHost as string | undefined, this.#vitals, this.#metrics);
    log.info(`/healthz, /readyz and /metrics are on port ${monitor.port}`);
  }

  /** Takes what a thread measured. */
  readonly add: Metrics['add'] = (...measured) => this.#metrics?.add(...measured);
}
