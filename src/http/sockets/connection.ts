import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { RequestError } from '../failure.ts';
import type { AnswerListener, Connection, RequestMessage } from '../transport.ts';
import type { AnswerHead } from './answer-head.ts';
import { open, readBuffer, type Target } from './connect.ts';
import type { KnownHead } from './known-head.ts';
import { AnswerParser, type Reader } from './parser.ts';
import { Sending } from './sending.ts';
import { Wire } from './wire.ts';

/** As HttpUser, and Locust's FastHttpUser: `connection_timeout`. */
const connectTimeout = 60_000;
/** What the server announces is respected so early, ms. */
const keptMargin = 500;
/** A body up to here that came in one read is kept as a text; larger ones as bytes. */
const maxText = 16_384;

const readWords: Int32Array = new Int32Array(readBuffer.buffer);

/** One socket, opened by its first request. */
export class SocketConnection implements Connection, Reader {
  isBusy = false;
  readonly #socket: Socket;
  readonly #parser: AnswerParser = new AnswerParser(this);
  readonly #lost: (connection: Connection) => void;
  #connecting: NodeJS.Timeout | undefined;
  #exchange: AnswerListener | undefined = undefined;
  #wire: Wire | undefined = undefined;
  #known: KnownHead | undefined = undefined;
  #sending: Sending | undefined = undefined;
  /** The exchange was told of the head. */
  #isHeadTold = false;
  /** The whole body. */
  #text = '';
  /** Bytes of the answer have come. */
  #hasBegun = false;
  #isPaused = false;
  #isUsed = false;
  #isLast = false;
  #isOver = false;
  /** When the server will close it, by the monotonic clock. */
  #keptUntil = Number.POSITIVE_INFINITY;

  constructor(target: Target, lost: (connection: Connection) => void) {
    this.#lost = lost;
    const socket = open(target, this.#onRead);
    this.#socket = socket;
    this.#connecting = setTimeout(
      () => this.#end(new RequestError('ConnectTimeout', 'Connection timed out')),
      connectTimeout,
    );
    socket.once(target.tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(this.#connecting);
      this.#connecting = undefined;
    });
    socket.on('error', (error) => this.#end(error));
    socket.on('end', () => this.#onEnd());
    socket.on('close', () => this.#end(this.#closed()));
  }

  get isSpent(): boolean {
    return this.#isLast || (this.#keptUntil !== Number.POSITIVE_INFINITY && performance.now() >= this.#keptUntil);
  }

  dispatch(request: RequestMessage, exchange: AnswerListener): void {
    const { template } = request;
    this.#exchange = exchange;
    try {
      template.wire ??= new Wire(template);
      const { wire } = template;
      this.#wire = wire;
      this.#known = template.known;
      this.#isHeadTold = false;
      this.#hasBegun = false;
      this.#text = '';
      this.#parser.begin(wire.isHead);
      if (request.body === null && request.cookie === '') this.#socket.write(wire.bare, 'latin1');
      else this.#sending = Sending.start(this.#socket, wire, request, (error) => this.#end(error));
    } catch (thrown) {
      this.#end(thrown, false);
    }
  }

  destroy(error: Error | null): void {
    if (error !== null) this.#end(error, false);
    else this.#close();
  }

  readonly #onRead = (size: number): boolean => {
    const exchange = this.#exchange;
    const known = this.#known;
    if (exchange === undefined || known === undefined) {
      // Nothing was asked: these bytes must not be taken for the next answer.
      this.#end(undefined);
      return true;
    }
    const parser = this.#parser;
    let at = 0;
    try {
      if (parser.isFresh) {
        const head = known.recall(readBuffer, readWords, size);
        if (head !== undefined) {
          at = known.size;
          if (head.length === size - at && head.kind === 'length' && size <= maxText && !exchange.isStream) {
            // The usual answer: its head is known, its body is here to the last byte, nothing is behind it.
            this.#finish(exchange, head, false, readBuffer.toString('latin1', at, size));
            return true;
          }
          parser.skipHead(head, 0);
        }
      }
      this.#hasBegun = true;
      at = parser.read(readBuffer, at, size);
    } catch (thrown) {
      this.#end(thrown);
      return true;
    }
    const { head } = parser;
    if (head !== undefined) {
      if (parser.isDone) this.#finish(exchange, head, at < size, this.#text);
      else if (!this.#isHeadTold) this.#tellHead(exchange, head);
    }
    return !this.#isPaused;
  };

  onHead(head: AnswerHead, end: number): void {
    if (end > 0) this.#known?.keep(head, readBuffer, end);
    if (this.#exchange?.isStream === true) this.#tellHead(this.#exchange, head);
  }

  onBody(bytes: Buffer, at: number, end: number): void {
    const exchange = this.#exchange;
    const { head, isDone } = this.#parser;
    if (exchange === undefined || head === undefined) return;
    if (!this.#isHeadTold) {
      if (isDone && end - at <= maxText) {
        this.#text = bytes.toString('latin1', at, end);
        return;
      }
      this.#tellHead(exchange, head);
    }
    if (!exchange.onData(Buffer.from(bytes.subarray(at, end)))) this.#isPaused = true;
  }

  onContinue(): void {
    this.#sending?.goOn();
  }

  #tellHead(exchange: AnswerListener, head: AnswerHead): void {
    this.#isHeadTold = true;
    exchange.onHead(head, this.#resume);
  }

  readonly #resume = (): void => {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#socket.resume();
  };

  /** The answer is whole. `isSpoiled`: it is followed by bytes that nobody asked for. */
  #finish(exchange: AnswerListener, head: AnswerHead, isSpoiled: boolean, text: string): void {
    const sending = this.#sending;
    this.#exchange = undefined;
    this.#isUsed = true;
    if (sending !== undefined) {
      this.#sending = undefined;
      if (!sending.isDone) {
        // The server did not want the rest: what it would make of that is not known.
        this.#isLast = true;
        sending.cancel();
      }
    }
    if (isSpoiled || !head.isKept || this.#wire?.isLast === true) this.#isLast = true;
    else if (head.keptFor !== Number.POSITIVE_INFINITY) {
      this.#keptUntil = performance.now() + head.keptFor - keptMargin;
    }
    if (this.#isPaused) this.#resume();
    if (this.#isHeadTold) exchange.end();
    else exchange.complete(head, text);
  }

  #onEnd(): void {
    const exchange = this.#exchange;
    const { head } = this.#parser;
    if (exchange !== undefined && head !== undefined && this.#parser.end()) {
      this.#finish(exchange, head, false, this.#text);
    } else this.#end(this.#closed());
  }

  #closed(): RequestError {
    return this.#parser.head === undefined
      ? new RequestError('RemoteDisconnected', 'Remote end closed connection without response')
      : new RequestError('IncompleteRead', 'Remote end closed connection in the middle of the answer');
  }

  /**
   * The connection is of no more use; what is in flight is sent again if it may, else ends with `error`. Once only: it
   * is sent again on a new connection.
   */
  #end(error: unknown, mayRepeat = true): void {
    if (this.#isOver) return;
    const exchange = this.#exchange;
    const isUnanswered = this.#isUsed && !this.#hasBegun && this.#wire?.isIdempotent === true;
    const canRepeat = mayRepeat && isUnanswered && this.#sending?.isOnce !== true;
    this.#close();
    if (exchange === undefined) this.#lost(this);
    else if (canRepeat) exchange.repeat();
    else exchange.end(error);
  }

  #close(): void {
    this.#isOver = true;
    this.#exchange = undefined;
    this.#isLast = true;
    this.#parser.reset();
    clearTimeout(this.#connecting);
    this.#sending?.cancel();
    this.#sending = undefined;
    this.#socket.destroy();
  }
}
