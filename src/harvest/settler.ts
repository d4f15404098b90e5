import { type EventKind, type EventSink, eventKinds } from './event.ts';
import type { Payload, Settlement } from './payload.ts';

/** The application's clock may be behind that of the worker by so much, in µs. */
const clockDifference = 5_000_000;

/** What the application said of a payload. */
interface Answer {
  readonly isEcho: boolean;
  readonly time: number;
  readonly took: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Takes events in order by device, payload and time, and tells what became of each payload. It keeps one payload at a
 * time. A device that starts again counts from the beginning, so a number may be published several times: what follows
 * belongs to the last publishing before it. Only an answer of the application may come before its publishing, for it has
 * another machine's clock: it belongs to the publishing that is nearer in time.
 */
export class Settler implements EventSink {
  readonly #settlement: Settlement;
  #device = '';
  #number = Number.NaN;
  #open: Mutable<Payload> | undefined;
  /** The last answer: of the open payload, or of the next one, if that follows soon. */
  #answer: Answer | undefined;

  constructor(settlement: Settlement) {
    this.#settlement = settlement;
  }

  add(kind: number, device: string, number: number, time: number, took: number): void {
    if (device !== this.#device || number !== this.#number) {
      this.end();
      this.#device = device;
      this.#number = number;
    }
    const name = eventKinds[kind];
    if (name === 'publishing') this.#publish(time);
    else if (name === 'echoed' || name === 'lost') this.#onAnswer({ isEcho: name === 'echoed', time, took });
    else if (name !== undefined) this.#onDevice(name, time);
  }

  /** After the last event. */
  end(): void {
    this.#settle();
  }

  #publish(time: number): void {
    const answer = this.#answer;
    const isOwn = answer !== undefined && this.#isOfNext(answer.time, time);
    if (isOwn) this.#answer = undefined;
    this.#settle();
    this.#open = { device: this.#device, number: this.#number, published: time, hasTimedOut: false };
    if (isOwn) this.#give(answer);
  }

  /** Whether an answer belongs to what is published after it, and not to what was published before. */
  #isOfNext(time: number, next: number): boolean {
    const open = this.#open;
    if (next - time > clockDifference) return false;
    return open === undefined || open.application !== undefined || next - time < time - open.published;
  }

  #onAnswer(answer: Answer): void {
    if (this.#answer !== undefined) this.#give(this.#answer);
    this.#answer = answer;
  }

  #give(answer: Answer): void {
    const open = this.#open;
    if (open === undefined) {
      this.#settlement.onStray(answer.time, answer.isEcho ? answer.took : undefined);
    } else if (open.application !== undefined) {
      this.#settlement.onRepeat();
    } else {
      open.application = answer.isEcho ? 'echoed' : 'lost';
      if (answer.isEcho) open.took = answer.took;
    }
  }

  #onDevice(kind: EventKind, time: number): void {
    const open = this.#open;
    if (open === undefined) {
      this.#settlement.onStray(time, undefined);
    } else if (kind === 'timeout') {
      open.hasTimedOut = true;
    } else if (kind === 'received') {
      if (open.received === undefined) open.received = time;
      else this.#settlement.onRepeat();
    } else if (kind === 'late') {
      if (open.late === undefined) open.late = time;
      else this.#settlement.onRepeat();
    }
  }

  #settle(): void {
    if (this.#answer !== undefined) this.#give(this.#answer);
    this.#answer = undefined;
    if (this.#open !== undefined) this.#settlement.onPayload(this.#open);
    this.#open = undefined;
  }
}
