import type { Channel, Metadata, StatusObject } from '@grpc/grpc-js';
import { events } from '../user/events.ts';
import type { Iteration } from '../user/iteration.ts';
import { judge } from '../user/verdict.ts';
import { codes } from './failure.ts';
import type { MetadataValues } from './metadata.ts';
import { type CallOptions, checkOptions } from './options.ts';
import { GrpcResponse, type Outcome } from './response.ts';
import type { Method } from './service.ts';
import type { GrpcSession, InFlight } from './session.ts';

/** A call of grpc-js. */
export type Wire = ReturnType<Channel['createCall']>;

/**
 * What grpc-js says of a stream that the server has reset. The server keeps the deadline too, and a client that is busy
 * may read of its reset before its own timer has its turn: grpc-go's clients take that for the deadline, too.
 */
const resetText = 'Call cancelled';
/** Deadlines are whole milliseconds of another clock. */
const clockMilliseconds = 1;

/**
 * One call of a task from its first check to its entry in the statistics. It is grpc-js's listener itself: what the
 * generated clients put between (an Error for the stack, an emitter, interceptors) is not needed here.
 */
export abstract class Call<R> implements Outcome<R>, InFlight {
  code = 0;
  details = '';
  messages: readonly R[] = [];
  count = 0;
  length = 0;
  elapsed = 0;
  firstMessage = 0;
  metadata: Metadata | undefined = undefined;
  trailers: Metadata | undefined = undefined;
  isLeft = false;
  protected readonly session: GrpcSession;
  protected readonly method: Method;
  protected readonly options: CallOptions<R> | undefined;
  protected wire: Wire | undefined = undefined;
  protected startedAt = 0;
  /** There is nothing more to come. */
  protected isOver = false;
  #endedAt = 0;
  /** Milliseconds from its start. */
  #deadline = Number.POSITIVE_INFINITY;
  #iteration: Iteration | undefined = undefined;
  #unheed: (() => void) | undefined = undefined;

  constructor(session: GrpcSession, method: Method, options: CallOptions<R> | undefined) {
    this.session = session;
    this.method = method;
    this.options = options;
  }

  get path(): string {
    return this.method.path;
  }

  get name(): string {
    return this.options?.name || this.method.path;
  }

  /** Whatever can be wrong with the request; throws then. */
  protected abstract prepare(): void;

  /** The wire is open: reads and sends. */
  protected abstract send(wire: Wire): void;

  /** The status is there: the messages are looked at, then the call is to be concluded. */
  protected abstract finish(): void;

  protected abstract resolve(response: GrpcResponse<R>): void;

  protected abstract reject(thrown: unknown): void;

  /** The user has ended. */
  protected abstract rejectStopped(): void;

  /** More entries than the one of each call. */
  protected countMore(_name: string, _endedAt: number, _lateness: number | null): void {}

  begin(): void {
    const { session, options } = this;
    if (session.isStopped) return this.stop();
    this.#iteration = session.user.life.iteration;
    try {
      if (options !== undefined) checkOptions(options);
      this.prepare();
      if (session.user.credentials === undefined) this.#open(undefined);
      else void this.#openWith(session.user.credentials());
    } catch (thrown) {
      this.abandon(thrown);
    }
  }

  /** Their time is not counted: the clock starts when there is all that is sent. */
  async #openWith(credentials: MetadataValues | Promise<MetadataValues>): Promise<void> {
    try {
      const fresh = await credentials;
      if (this.session.isStopped) return this.stop();
      if (!this.isOver) this.#open(fresh);
    } catch (thrown) {
      this.abandon(thrown);
    }
  }

  #open(fresh: MetadataValues | undefined): void {
    const { session, options, method } = this;
    const metadata = session.metadata(options?.metadata, fresh);
    const seconds = options?.deadline ?? session.settings.deadline;
    const channel = session.begin(this);
    this.startedAt = performance.now();
    this.#deadline = seconds * 1000;
    const wire = channel.createCall(method.path, Date.now() + this.#deadline, null, null, null);
    this.wire = wire;
    if (options?.signal !== undefined) this.#heed(options.signal);
    wire.start(metadata, this);
    this.send(wire);
  }

  #heed(signal: AbortSignal): void {
    const giveUp = (): void => this.cancel('The call was given up');
    if (signal.aborted) return queueMicrotask(giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    this.#unheed = () => signal.removeEventListener('abort', giveUp);
  }

  onReceiveMetadata(metadata: Metadata): void {
    this.metadata = metadata;
  }

  abstract onReceiveMessage(bytes: Buffer): void;

  onReceiveStatus(status: StatusObject): void {
    const iteration = this.#iteration;
    if (iteration === undefined) this.#end(status);
    // The socket's callbacks belong to the iteration that opened it; what listeners do here is this one's.
    else iteration.run(() => this.#end(status));
  }

  #end({ code, details, metadata }: StatusObject): void {
    if (this.isOver) return;
    this.#endedAt = performance.now();
    this.elapsed = this.#endedAt - this.startedAt;
    this.code = code;
    this.details = details;
    this.trailers = metadata;
    if (code === codes.CANCELLED && details === resetText && this.elapsed >= this.#deadline - clockMilliseconds) {
      this.refuse(codes.DEADLINE_EXCEEDED, 'Deadline exceeded');
    }
    this.#release();
    this.finish();
  }

  /** Ends it with `code`, whatever the server says: its answer is none. */
  protected refuse(code: number, details: string): void {
    this.code = code;
    this.details = details;
  }

  /** The message in `bytes`; undefined if it is none, and the call has failed. */
  protected read(bytes: Buffer): R | undefined {
    try {
      return this.method.deserialize(bytes) as R;
    } catch (thrown) {
      this.refuse(codes.INTERNAL, `The response cannot be read: ${(thrown as Error).message}`);
      return undefined;
    }
  }

  protected conclude(): void {
    const response = new GrpcResponse<R>(this);
    const catchResponse = this.options?.catchResponse;
    if (catchResponse !== undefined) {
      void this.#judge(response, catchResponse);
      return;
    }
    try {
      this.#count(response, response.name, response.failure);
    } catch (thrown) {
      // Control flow of a listener.
      return this.reject(thrown);
    }
    this.resolve(response);
  }

  async #judge(response: GrpcResponse<R>, catchResponse: NonNullable<CallOptions<R>['catchResponse']>): Promise<void> {
    try {
      const { outcome, name, flow } = await judge(response, response.name, catchResponse);
      if (this.session.isStopped) return this.rejectStopped();
      if (flow !== undefined && outcome === undefined) throw flow;
      this.#count(response, name, outcome === 'success' ? undefined : (outcome ?? response.failure));
      if (flow !== undefined) throw flow;
      this.resolve(response);
    } catch (thrown) {
      this.reject(thrown);
    }
  }

  #count(response: GrpcResponse<R>, name: string, failure: unknown): void {
    const { user } = this.session;
    const lateness = this.#iteration === undefined ? null : this.#iteration.lateness;
    this.countMore(name, this.#endedAt, lateness);
    // What only listeners read is made only for listeners.
    const detail = events.request.isHeard
      ? { context: this.options?.context, response, url: `${user.host ?? ''}${this.path}` }
      : undefined;
    user.record('grpc', name, this.elapsed, this.length, failure, detail, this.#endedAt, lateness);
  }

  stop(): void {
    if (!this.isOver) this.#drop();
    this.rejectStopped();
  }

  /** It is an error of the task, not of the server: nothing is counted. */
  protected abandon(thrown: unknown): void {
    if (this.isOver) return;
    this.#drop();
    this.reject(thrown);
  }

  /** The status comes then as from the server. */
  protected cancel(details: string): void {
    if (!this.isOver) this.wire?.cancelWithStatus(codes.CANCELLED, details);
  }

  #drop(): void {
    this.#release();
    this.wire?.cancelWithStatus(codes.CANCELLED, 'The user has ended');
  }

  #release(): void {
    this.isOver = true;
    this.session.end(this);
    this.#unheed?.();
  }
}
