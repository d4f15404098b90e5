import { Duplex } from 'node:stream';

/** Those that want to be written; one that was asked several times is here as often. */
let waiting: Duplex[] = [];

/**
 * mqtt.js writes each packet in the next tick, before a task goes on that had waited for an answer: the acknowledgement
 * of that answer and the task's next message were two packets on the wire, and two system calls, which are most of the
 * cost. Here a socket is written when all tasks that can go on have done so: still in the same turn of the event loop.
 */
export function gather(socket: Duplex): void {
  socket.uncork = wait;
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
