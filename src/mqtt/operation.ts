import { StopUser } from '../errors.ts';
import { events } from '../user/events.ts';
import type { Iteration } from '../user/iteration.ts';
import { longestTimer } from '../user/life.ts';
import type { User } from '../user/user.ts';
import type { Connection } from './connection.ts';
import { MqttError } from './failure.ts';
import type { MqttMessage } from './message.ts';
import type { Pending, Place } from './place.ts';
import type { MqttResponse } from './response.ts';

/** Locust's word for all of them. */
export const requestType = 'MQTT';

let resolveLast: (response: MqttResponse) => void;
let rejectLast: (reason: unknown) => void;

/** One function for all promises: a closure for each would be made for each operation. */
function capture(resolve: (response: MqttResponse) => void, reject: (reason: unknown) => void): void {
  resolveLast = resolve;
  rejectLast = reject;
}

function expire(operation: Operation): void {
  operation.expire();
}

function ignore(): void {}

/** What a user that has ended is answered. Nobody may be waiting for it. */
export function stopped(): Promise<never> {
  const answer = Promise.reject(new StopUser());
  answer.catch(ignore);
  return answer;
}

type Context = Readonly<Record<string, unknown>> | undefined;

/** One operation of a user from its start to its entry in the statistics; it is its own response. */
export class Operation implements MqttResponse, Pending {
  name: string;
  reasonCode = 0;
  elapsed = 0;
  responseLength = 0;
  failure: string | undefined = undefined;
  message: MqttMessage | undefined = undefined;
  /** There is nothing more to come. */
  isOver = false;
  startedAt = 0;
  place: Place | undefined = undefined;
  protected readonly user: User;
  readonly #context: Context;
  readonly #iteration: Iteration | undefined;
  #seconds = 0;
  #timer: NodeJS.Timeout | undefined = undefined;
  #answer: Promise<MqttResponse> | undefined = undefined;
  #resolve: ((response: MqttResponse) => void) | undefined = undefined;
  #reject: ((reason: unknown) => void) | undefined = undefined;
  /** What it throws: the user's end, or the control flow of a listener. */
  #thrown: unknown = undefined;

  constructor(user: User, name: string, context?: Context) {
    this.user = user;
    this.name = name;
    this.#context = context;
    this.#iteration = user.life.iteration;
  }

  get ok(): boolean {
    return this.failure === undefined;
  }

  get error(): MqttError | undefined {
    return this.failure === undefined ? undefined : new MqttError(this.failure, this.reasonCode);
  }

  /** Resolves when it is over; made only if somebody waits, and it has not ended at once. */
  get answer(): Promise<MqttResponse> {
    if (this.#answer === undefined) {
      this.#answer = new Promise(capture);
      this.#resolve = resolveLast;
      this.#reject = rejectLast;
      if (this.isOver) this.#tell();
    }
    return this.#answer;
  }

  protected get requestType(): string {
    return requestType;
  }

  /** Sends what is to be sent. */
  begin(_connection: Connection, _timeout: number): void {}

  /** Fails it after so many seconds. */
  arm(seconds: number): void {
    this.#seconds = seconds;
    if (seconds === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(expire, Math.min(seconds * 1000, longestTimer), this);
  }

  /** It has waited for a connection, and begins anew on it. */
  disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.place?.remove(this);
    this.place = undefined;
  }

  expire(): void {
    this.fail(this.place?.lateText(this.#seconds) ?? `timeout after ${this.#seconds} s`);
  }

  succeed(responseLength: number, reasonCode = 0, endedAt: number = performance.now()): void {
    if (this.isOver) return;
    this.responseLength = responseLength;
    this.reasonCode = reasonCode;
    this.#end(endedAt);
  }

  fail(failure: string, reasonCode = 0): void {
    if (this.isOver) return;
    this.failure = failure;
    this.reasonCode = reasonCode;
    this.#end(performance.now());
  }

  /** The user has ended: nothing is counted. Nobody may be waiting; that is no unhandled rejection. */
  stop(): void {
    this.abandon(new StopUser());
  }

  /** It is no answer of the broker that ends it: nothing is counted. */
  abandon(thrown: unknown): void {
    if (this.isOver) return;
    this.#thrown = thrown;
    this.#leave();
    this.#tell();
  }

  /** It has not begun, by the user's own wish: nothing is counted. */
  giveUp(failure: string): void {
    this.failure = failure;
    this.isOver = true;
  }

  /** Whether it is counted. */
  protected get counts(): boolean {
    return true;
  }

  #end(endedAt: number): void {
    this.elapsed = endedAt - this.startedAt;
    this.#leave();
    if (this.counts) {
      const iteration = this.#iteration;
      try {
        if (iteration === undefined) this.#count(endedAt, null);
        // What listeners do here belongs to the iteration, not to the one that opened the socket.
        else iteration.run(() => this.#count(endedAt, iteration.lateness));
      } catch (thrown) {
        // Control flow of a listener.
        this.#thrown = thrown;
      }
    }
    this.#tell();
  }

  #count(endedAt: number, lateness: number | null): void {
    const { user } = this;
    // What only listeners read is made only for listeners.
    const detail = events.request.isHeard
      ? { context: this.#context, response: this, url: user.host ?? '' }
      : undefined;
    user.record(
      this.requestType,
      this.name,
      this.elapsed,
      this.responseLength,
      this.failure,
      detail,
      endedAt,
      lateness,
    );
  }

  #leave(): void {
    this.isOver = true;
    if (this.#timer !== undefined || this.place !== undefined) this.disarm();
  }

  #tell(): void {
    if (this.#thrown === undefined) {
      this.#resolve?.(this);
    } else if (this.#answer !== undefined) {
      this.#answer.catch(ignore);
      this.#reject?.(this.#thrown);
    }
  }
}
