import { Distribution } from './distribution.ts';
import type { TimeWindow } from './moment.ts';
import type { Payload, Settlement } from './payload.ts';
import type { PayloadCounts } from './result.ts';

/** Gets the payloads that are told one by one. */
export interface PayloadLists {
  lost(payload: Payload): void;
  unanswered(payload: Payload): void;
  late(payload: Payload): void;
  /** Each one of the window. */
  any(payload: Payload): void;
}

/** What the logs hold at all. */
export interface Known {
  readonly hasPublishing: boolean;
  readonly hasApplication: boolean;
}

/**
 * Adds up the payloads of the window. A payload is in it if it was published in it, whenever its echo came, so that each
 * one is counted in one window only, with all that belongs to it. Of an application's log alone, its arrival there
 * decides.
 */
export class Tally implements Settlement {
  readonly responseTimes: Distribution;
  readonly executionTimes: Distribution;
  readonly #window: TimeWindow;
  readonly #known: Known;
  readonly #lists: PayloadLists;
  #device: string | undefined;
  devices = 0;
  /** Of all payloads, in the window or not; µs. */
  firstPublished: number = Number.POSITIVE_INFINITY;
  lastPublished: number = Number.NEGATIVE_INFINITY;
  /** Came back, though no log says that the application answered. */
  receivedUnanswered = 0;
  #published = 0;
  #received = 0;
  #late = 0;
  #timedOut = 0;
  #lost = 0;
  #echoed = 0;
  #dropped = 0;
  #unanswered = 0;
  #repeated = 0;
  #strays = 0;

  /** @param bin width of a bucket in µs */
  constructor(window: TimeWindow, bin: number, known: Known, lists: PayloadLists) {
    this.#window = window;
    this.#known = known;
    this.#lists = lists;
    this.responseTimes = new Distribution(bin);
    this.executionTimes = new Distribution(bin);
  }

  get counts(): PayloadCounts {
    return {
      published: this.#published,
      received: this.#received,
      late: this.#late,
      timedOut: this.#timedOut,
      lost: this.#lost,
      echoed: this.#echoed,
      dropped: this.#dropped,
      unanswered: this.#known.hasApplication && this.#known.hasPublishing ? this.#unanswered : null,
      repeated: this.#repeated,
      strays: this.#strays,
    };
  }

  onPayload(payload: Payload): void {
    const { device, published, received, late } = payload;
    this.firstPublished = Math.min(this.firstPublished, published);
    this.lastPublished = Math.max(this.lastPublished, published);
    if (!this.#isWithin(published)) return;
    this.#published++;
    // They come in order by device.
    if (device !== this.#device) this.devices++;
    this.#device = device;
    if (payload.hasTimedOut) this.#timedOut++;
    if (received !== undefined) {
      this.#received++;
      this.responseTimes.add(received - published);
    }
    if (late !== undefined) {
      this.#late++;
      this.#lists.late(payload);
    }
    if (received === undefined && late === undefined) {
      this.#lost++;
      this.#lists.lost(payload);
    }
    this.#onAnswer(payload);
    this.#lists.any(payload);
  }

  #onAnswer(payload: Payload): void {
    const { application, took, received, late } = payload;
    if (application === 'lost') this.#dropped++;
    if (application === 'echoed') {
      this.#echoed++;
      this.executionTimes.add(took ?? 0);
    } else if (this.#known.hasApplication) {
      this.#unanswered++;
      if (application === undefined && (received ?? late) !== undefined) this.receivedUnanswered++;
      this.#lists.unanswered(payload);
    }
  }

  onStray(time: number, took: number | undefined): void {
    if (!this.#isWithin(time - (took ?? 0))) return;
    if (this.#known.hasPublishing || took === undefined) {
      this.#strays++;
      return;
    }
    this.#echoed++;
    this.executionTimes.add(took);
  }

  onRepeat(): void {
    this.#repeated++;
  }

  #isWithin(time: number): boolean {
    return time >= this.#window.start && time < this.#window.end;
  }
}
