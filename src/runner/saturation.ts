import type { Strain } from '../swarm/port.ts';

/** A load thread that is busier than this has no time left in which answers could be noticed as they come. */
const busyPart = 0.95;
/** So many seconds on end are no accident, such as the start of many users. */
const patienceSeconds = 5;

/** Notices when the generator itself is the bottleneck, and says so once until it is asked to forget. */
export class Saturation {
  #seconds = 0;
  #lag = 0;
  #isTold = false;

  /** The strain of the last second, while users run; the warning if it is due now. */
  add({ busy, lag }: Strain): string | undefined {
    if (busy < busyPart) {
      this.#forgetSeconds();
      return undefined;
    }
    this.#seconds++;
    this.#lag = Math.max(this.#lag, lag);
    if (this.#seconds < patienceSeconds || this.#isTold) return undefined;
    this.#isTold = true;
    return (
      `the load generator is the bottleneck: a load thread was busy for ${patienceSeconds} s on end, and up to ` +
      `${Math.round(this.#lag)} ms late; response times hold that delay. Use more --processes, more workers or fewer users`
    );
  }

  /** A new test: it may be said again. */
  forget(): void {
    this.#forgetSeconds();
    this.#isTold = false;
  }

  #forgetSeconds(): void {
    this.#seconds = 0;
    this.#lag = 0;
  }
}
