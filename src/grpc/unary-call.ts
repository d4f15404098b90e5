import { StopUser } from '../errors.ts';
import { Call, type Wire } from './call.ts';
import { codes } from './failure.ts';
import type { CallOptions } from './options.ts';
import type { GrpcResponse } from './response.ts';
import type { Method } from './service.ts';
import type { GrpcSession } from './session.ts';

let resolveLast: (response: GrpcResponse) => void;
let rejectLast: (reason: unknown) => void;

/** One function for all promises: a closure for each would be made for each call. */
function capture(resolve: (response: GrpcResponse) => void, reject: (reason: unknown) => void): void {
  resolveLast = resolve;
  rejectLast = reject;
}

const noContext = {};

/** Makes a call of one request and one response. */
export function performUnary(
  session: GrpcSession,
  method: Method,
  request: unknown,
  options: CallOptions | undefined,
): Promise<GrpcResponse> {
  const answer = new Promise<GrpcResponse>(capture);
  new UnaryCall(session, method, request, options, answer).begin();
  return answer;
}

/** The hot path: one promise, one call, one response, and what grpc-js makes. */
class UnaryCall extends Call<unknown> {
  readonly #request: unknown;
  readonly #answer: Promise<GrpcResponse>;
  readonly #resolve: (response: GrpcResponse) => void = resolveLast;
  readonly #reject: (reason: unknown) => void = rejectLast;
  #sent: Buffer | undefined = undefined;
  #received: Buffer | undefined = undefined;

  constructor(
    session: GrpcSession,
    method: Method,
    request: unknown,
    options: CallOptions | undefined,
    answer: Promise<GrpcResponse>,
  ) {
    super(session, method, options);
    this.#request = request;
    this.#answer = answer;
  }

  protected override prepare(): void {
    this.#sent = this.method.serialize(this.#request);
  }

  protected override send(wire: Wire): void {
    wire.startRead();
    if (this.#sent !== undefined) wire.sendMessageWithContext(noContext, this.#sent);
    wire.halfClose();
  }

  override onReceiveMessage(bytes: Buffer): void {
    if (this.isOver) return;
    this.count++;
    if (this.count > 1) this.wire?.cancelWithStatus(codes.UNIMPLEMENTED, 'Too many responses received');
    else this.#received = bytes;
  }

  protected override finish(): void {
    const bytes = this.#received;
    if (bytes !== undefined) {
      this.length = bytes.length;
      this.firstMessage = this.elapsed;
    }
    if (this.code === codes.OK) {
      if (bytes === undefined) this.refuse(codes.UNIMPLEMENTED, 'No message received');
      else this.#keep(this.read(bytes));
    }
    this.conclude();
  }

  /** Unless it could not be read. */
  #keep(message: unknown): void {
    if (this.code === codes.OK) this.messages = [message];
  }

  protected override resolve(response: GrpcResponse): void {
    this.#resolve(response);
  }

  protected override reject(thrown: unknown): void {
    this.#reject(thrown);
  }

  /** Its task may not be waiting: that is no unhandled rejection then. */
  protected override rejectStopped(): void {
    this.#answer.catch(ignore);
    this.#reject(new StopUser());
  }
}

function ignore(): void {}
