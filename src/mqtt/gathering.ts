import { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Those that want to be written; one that was asked several times is here as often. */
let waiting: Duplex[] = [];
/** More is not copied into one. */
const mostBytes = 16_384;

/**
 * mqtt.js writes a packet in half a dozen parts, and in the next tick, before a task goes on that had waited for an
 * answer: the acknowledgement of that answer and the task's next message were two packets on the wire. Here a socket is
 * written when all tasks that can go on have done so, still in the same turn of the event loop, and in one piece: system
 * calls are most of what an exchange costs.
 */
export function gather(socket: Socket): void {
  socket.uncork = wait;
  socket._writev = writeOne;
}

/** What is written next leaves with the rest, if it goes to such a socket. */
export function gatherNext(stream: Duplex): void {
  if (stream.uncork !== wait) return;
  stream.cork();
  wait.call(stream);
}

function wait(this: Duplex): void {
  if (waiting.push(this) === 1) queueMicrotask(afterTasks);
}

function afterTasks(): void {
  // A tick comes when no microtask is left, however many came behind this one.
  process.nextTick(writeAll);
}

function writeAll(): void {
  const sockets = waiting;
  waiting = [];
  for (const socket of sockets) Duplex.prototype.uncork.call(socket);
}

type Parts = { chunk: string | Buffer; encoding: BufferEncoding }[];

function writeOne(this: Socket, parts: Parts, done: (error?: Error | null) => void): void {
  let length = 0;
  for (const { chunk, encoding } of parts) {
    length += typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length;
  }
  if (length > mostBytes) {
    Socket.prototype._writev?.call(this, parts, done);
    return;
  }
  const whole = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { chunk, encoding } of parts) {
    at += typeof chunk === 'string' ? whole.write(chunk, at, encoding) : chunk.copy(whole, at);
  }
  this._write(whole, 'buffer' as BufferEncoding, done);
}
