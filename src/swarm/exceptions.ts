import { log } from '../log.ts';

/** So many exceptions a second and thread reach the master, which is one process for all workers; the rest is counted. */
const toldPerSecond = 100;
/** The same exception is logged again after this long, with how often it came in between. */
const quietMilliseconds = 10_000;
/** Distinct exceptions of which the last logging is remembered. */
const rememberedTexts = 1000;

interface Logged {
  at: number;
  since: number;
}

/** Tells the log and the master of exceptions of user code, without drowning them in a flood. */
export class Exceptions {
  readonly #tell: (message: string, traceback: string) => void;
  readonly #limit: number;
  readonly #logged = new Map<string, Logged>();
  #second = 0;
  #told = 0;
  #untold = 0;

  /** `tell` is called for each exception that goes to the master, or to the reports of a run without one: all of them. */
  constructor(tell: (message: string, traceback: string) => void, hasMaster = true) {
    this.#tell = tell;
    this.#limit = hasMaster ? toldPerSecond : Number.POSITIVE_INFINITY;
  }

  report(message: string, traceback: string): void {
    const now = performance.now();
    this.#log(traceback, now);
    const second = Math.floor(now / 1000);
    if (second !== this.#second) this.#begin(second);
    if (this.#told < this.#limit) {
      this.#told++;
      this.#tell(message, traceback);
    } else {
      this.#untold++;
    }
  }

  #begin(second: number): void {
    if (this.#untold > 0) {
      log.warning(`${this.#untold} exceptions were not told to the master: more than ${toldPerSecond} in one second`);
    }
    this.#second = second;
    this.#told = 0;
    this.#untold = 0;
  }

  #log(traceback: string, now: number): void {
    const known = this.#logged.get(traceback);
    if (known !== undefined && now - known.at < quietMilliseconds) {
      known.since++;
      return;
    }
    log.error(known === undefined || known.since === 0 ? traceback : `${traceback}\n(and ${known.since} times before)`);
    if (this.#logged.size >= rememberedTexts) this.#logged.clear();
    this.#logged.set(traceback, { at: now, since: 0 });
  }
}
