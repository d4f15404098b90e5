import { StopUser, UsageError } from '../errors.ts';
import { Call, type Wire } from './call.ts';
import { codes } from './failure.ts';
import type { CallOptions } from './options.ts';
import type { GrpcResponse } from './response.ts';
import type { Method } from './service.ts';
import type { GrpcSession } from './session.ts';

type Requests = Iterable<unknown> | AsyncIterable<unknown>;

const noContext = {};

/** A call with a stream of requests, of responses, or of both. */
export class StreamCall extends Call<unknown> {
  readonly #request: unknown;
  #single: Buffer | undefined = undefined;
  #requests: Requests | undefined = undefined;
  /** Messages are written one after the other: grpc-js keeps room for one. */
  #writing: Promise<unknown> = Promise.resolve();
  #written = 0;
  #isHalfClosed = false;
  /** Messages that nobody has taken yet. Only as many are asked for as are taken, so that the server is slowed down. */
  readonly #queue: unknown[] = [];
  #isReading = false;
  /** For who awaits the whole answer; who iterates takes them one by one. */
  readonly #kept: unknown[] = [];
  #isIterated = false;
  /** The verdict is there, and the entry. */
  #isSettled = false;
  #response: GrpcResponse | undefined = undefined;
  #thrown: unknown = undefined;
  #wakers: (() => void)[] = [];
  /** Ends the wait for room on the wire when there will be none. */
  #freeWriter: () => void = () => {};
  #collected: Promise<GrpcResponse> | undefined = undefined;

  constructor(session: GrpcSession, method: Method, request: unknown, options: CallOptions | undefined) {
    super(session, method, options);
    this.#request = request;
    this.messages = this.#kept;
  }

  protected override prepare(): void {
    const { method } = this;
    if (!method.requestStream) this.#single = method.serialize(this.#request);
    else if (isIterable(this.#request)) this.#requests = this.#request;
    else if (this.#request !== undefined || !method.responseStream) {
      throw new UsageError(`${method.path}: a list or an (async) iterable of requests is expected`);
    }
  }

  protected override send(wire: Wire): void {
    this.#wake();
    this.#read();
    if (this.#single !== undefined) {
      wire.sendMessageWithContext(noContext, this.#single);
      wire.halfClose();
    } else if (this.#requests !== undefined) void this.#sendAll(this.#requests);
  }

  async #sendAll(requests: Requests): Promise<void> {
    try {
      for await (const request of requests) {
        if (!(await this.write(request))) return;
      }
      this.halfClose();
    } catch (thrown) {
      this.abandon(thrown);
    }
  }

  /** Sends one message; resolves when there is room for the next, to false if the call is over. */
  async write(request: unknown): Promise<boolean> {
    const bytes = this.method.serialize(request);
    const done = this.#writing.then(() => this.#send(bytes));
    this.#writing = done;
    return done;
  }

  async #send(bytes: Buffer): Promise<boolean> {
    // With credentials that are still awaited there is no wire yet.
    while (this.wire === undefined && !this.isOver) await this.#wait();
    const { wire } = this;
    if (wire === undefined || this.isOver || this.#isHalfClosed) return false;
    await new Promise<void>((resolve) => {
      this.#freeWriter = resolve;
      wire.sendMessageWithContext({ callback: () => resolve() }, bytes);
    });
    this.#written++;
    return !this.isOver;
  }

  /** No more requests. */
  halfClose(): void {
    void this.#writing.then(async () => {
      while (this.wire === undefined && !this.isOver) await this.#wait();
      if (this.isOver || this.#isHalfClosed) return;
      this.#isHalfClosed = true;
      this.wire?.halfClose();
    });
  }

  override onReceiveMessage(bytes: Buffer): void {
    if (this.isOver) return;
    this.#isReading = false;
    this.count++;
    if (this.count === 1) this.firstMessage = performance.now() - this.startedAt;
    this.length += bytes.length;
    if (!this.method.responseStream && this.count > 1) {
      this.wire?.cancelWithStatus(codes.UNIMPLEMENTED, 'Too many responses received');
      return;
    }
    const message = this.read(bytes);
    if (this.code !== codes.OK) {
      this.wire?.cancelWithStatus(this.code, this.details);
      return;
    }
    this.#queue.push(message);
    this.#wake();
    if (!this.method.responseStream) this.#read();
  }

  protected override finish(): void {
    if (!this.method.responseStream && this.code === codes.OK && this.count === 0) {
      this.refuse(codes.UNIMPLEMENTED, 'No message received');
    }
    if (!this.#isIterated) this.#kept.push(...this.#queue.splice(0));
    this.#freeWriter();
    this.conclude();
  }

  protected override countMore(name: string, endedAt: number, lateness: number | null): void {
    if (!(this.options?.streamEntries ?? this.session.settings.streamEntries)) return;
    const { user } = this.session;
    const { responseStream } = this.method;
    if (responseStream && this.count > 0) {
      user.record('grpc', `${name} [first message]`, this.firstMessage, 0, undefined, undefined, endedAt, lateness);
    }
    const messages = responseStream ? this.count : this.#written;
    user.record('grpc', `${name} [messages]`, null, messages, undefined, undefined, endedAt, lateness);
  }

  protected override resolve(response: GrpcResponse): void {
    this.#response = response;
    this.#settle();
  }

  protected override reject(thrown: unknown): void {
    this.#thrown ??= thrown;
    this.#settle();
  }

  protected override rejectStopped(): void {
    this.#queue.length = 0;
    this.reject(new StopUser());
    // Its task may not be waiting: that is no unhandled rejection then.
    this.#collected?.catch(ignore);
  }

  /** From now on messages are taken one by one. */
  iterate(): void {
    if (this.#isIterated || this.#collected !== undefined) return;
    this.#isIterated = true;
    this.#queue.unshift(...this.#kept.splice(0));
  }

  /** The next message, for who iterates. The end comes when the call is counted. */
  async next(): Promise<IteratorResult<unknown, undefined>> {
    for (;;) {
      if (this.#queue.length > 0) {
        const value = this.#queue.shift();
        this.#read();
        return { done: false, value };
      }
      if (this.#isSettled) {
        if (this.#thrown !== undefined) throw this.#thrown;
        return { done: true, value: undefined };
      }
      await this.#wait();
    }
  }

  /** The rest is not wanted: the call is cancelled, which is no failure. Resolves when it is counted. */
  async leave(): Promise<void> {
    if (!this.isOver) {
      this.isLeft = true;
      this.#queue.length = 0;
      if (this.wire === undefined) this.abandon(new Error('the stream was left before the call was made'));
      else this.cancel('The stream was left');
    }
    while (!this.#isSettled) await this.#wait();
    if (this.#thrown !== undefined) throw this.#thrown;
  }

  /** The answer with all messages that nobody has iterated. */
  collect(): Promise<GrpcResponse> {
    this.#collected ??= this.#collect();
    if (this.#thrown instanceof StopUser) this.#collected.catch(ignore);
    return this.#collected;
  }

  async #collect(): Promise<GrpcResponse> {
    for (let result = await this.next(); result.done !== true; result = await this.next())
      this.#kept.push(result.value);
    if (this.#response === undefined) throw this.#thrown;
    return this.#response;
  }

  #read(): void {
    if (this.isOver || this.#isReading) return;
    this.#isReading = true;
    this.wire?.startRead();
  }

  #settle(): void {
    this.#isSettled = true;
    this.#freeWriter();
    this.#wake();
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => this.#wakers.push(resolve));
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}

function isIterable(value: unknown): value is Requests {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

function ignore(): void {}
