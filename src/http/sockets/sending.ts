import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { RequestError } from '../failure.ts';
import type { RequestMessage } from '../transport.ts';
import { isValue, type Wire } from './wire.ts';

/** Milliseconds for which a server may be silent about `expect: 100-continue`, until the body is sent all the same. */
const patience = 1000;

type Fail = (error: unknown) => void;
type Body = string | Buffer | Readable | null;

/** A request that is more than a head: with cookies, or with a body, which may take its time. */
export class Sending {
  readonly #socket: Socket;
  readonly #body: Body;
  readonly #isChunked: boolean;
  readonly #fail: Fail;
  /** Bytes of a stream that are still to come, by its own content-length. */
  #left: number;
  #isDone = false;
  #isCancelled = false;
  #waiting: NodeJS.Timeout | undefined = undefined;

  private constructor(socket: Socket, body: Body, ownLength: number | undefined, fail: Fail) {
    this.#socket = socket;
    this.#body = body;
    this.#isChunked = ownLength === undefined;
    this.#left = ownLength ?? 0;
    this.#fail = fail;
  }

  /** Undefined if all was sent at once. Throws `RequestError`. */
  static start(socket: Socket, wire: Wire, request: RequestMessage, fail: Fail): Sending | undefined {
    const { body, cookie } = request;
    const lines = cookie === '' ? wire.lines : wire.lines + cookieLine(cookie);
    if (typeof body === 'string' && !wire.expectsContinue) {
      const length = Buffer.byteLength(body);
      checkLength(wire.ownLength, length);
      const head = cookie === '' ? wire.headFor(length) : `${lines}content-length: ${length}\r\n\r\n`;
      if (length === body.length) socket.write(head + body, 'latin1');
      else if (wire.isAscii && cookie === '') socket.write(head + body, 'utf8');
      else writeBoth(socket, head, Buffer.from(body));
      return undefined;
    }
    if (body === null) {
      checkLength(wire.ownLength, 0);
      socket.write(lines + wire.bareEnd, 'latin1');
      return undefined;
    }
    return Sending.#startBody(socket, lines, wire, body, fail);
  }

  static #startBody(
    socket: Socket,
    lines: string,
    wire: Wire,
    body: string | Buffer | Readable,
    fail: Fail,
  ): Sending | undefined {
    if (body instanceof Readable) {
      const framing = wire.ownLength === undefined ? 'transfer-encoding: chunked' : `content-length: ${wire.ownLength}`;
      socket.write(`${lines}${framing}\r\n\r\n`, 'latin1');
      const sending = new Sending(socket, body, wire.ownLength, fail);
      sending.#begin(wire.expectsContinue);
      return sending;
    }
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    checkLength(wire.ownLength, bytes.length);
    const head = `${lines}content-length: ${bytes.length}\r\n\r\n`;
    if (!wire.expectsContinue) {
      writeBoth(socket, head, bytes);
      return undefined;
    }
    socket.write(head, 'latin1');
    const sending = new Sending(socket, bytes, bytes.length, fail);
    sending.#begin(true);
    return sending;
  }

  /** All was handed to the socket. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** It cannot be sent a second time. */
  get isOnce(): boolean {
    return this.#body instanceof Readable;
  }

  /** The server wants the body. */
  goOn(): void {
    if (this.#waiting === undefined) return;
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#send();
  }

  /** The rest is not wanted. */
  cancel(): void {
    this.#isCancelled = true;
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    if (this.#body instanceof Readable) this.#body.destroy();
  }

  #begin(expectsContinue: boolean): void {
    if (expectsContinue) this.#waiting = setTimeout(() => this.goOn(), patience);
    else this.#send();
  }

  #send(): void {
    const body = this.#body;
    if (body instanceof Readable) {
      // What breaks once the answer is there is not heard any more.
      body.on('error', ignore);
      this.#pump(body).catch((error: unknown) => {
        if (!this.#isCancelled) this.#fail(error);
      });
    } else {
      this.#isDone = true;
      if (body !== null) this.#socket.write(body);
    }
  }

  async #pump(body: Readable): Promise<void> {
    for await (const chunk of body) {
      if (this.#isCancelled) return;
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
      if (bytes.length > 0 && !this.#write(bytes)) await drained(this.#socket);
    }
    if (this.#isCancelled) return;
    if (!this.#isChunked && this.#left > 0) throw wrongLength();
    this.#isDone = true;
    if (this.#isChunked) this.#socket.write('0\r\n\r\n', 'latin1');
  }

  /** False: the socket wants a pause. */
  #write(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    if (!this.#isChunked) {
      this.#left -= bytes.length;
      if (this.#left < 0) throw wrongLength();
      return socket.write(bytes);
    }
    socket.cork();
    socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
    socket.write(bytes);
    const isFree = socket.write('\r\n', 'latin1');
    socket.uncork();
    return isFree;
  }
}

function writeBoth(socket: Socket, head: string, bytes: Uint8Array): void {
  socket.cork();
  socket.write(head, 'latin1');
  socket.write(bytes);
  socket.uncork();
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      socket.off('drain', go).off('close', go);
      resolve();
    };
    socket.once('drain', go).once('close', go);
    if (socket.destroyed) go();
  });
}

function cookieLine(cookie: string): string {
  // A letter beyond Latin-1 would lose its upper byte, and could become a line end.
  if (!isValue(cookie)) throw new RequestError('InvalidHeader', 'The cookies hold a character that no header can have');
  return `cookie: ${cookie}\r\n`;
}

function checkLength(own: number | undefined, length: number): void {
  if (own !== undefined && own !== length) throw wrongLength();
}

function wrongLength(): RequestError {
  return new RequestError(
    'RequestContentLengthMismatchError',
    'Request body length does not match content-length header',
  );
}

function ignore(): void {}
