import type { Connection } from '../../src/protocol/socket.ts';

/** Plays the master in a test, without a socket. */
export interface MasterEnd {
  /** All that the worker sent, oldest first. */
  readonly received: Uint8Array[];
  /** How often the worker asked for a new transport. */
  readonly reconnects: number;
  /** The linger of its `close`, once it was called. */
  readonly closedWith: number | undefined;
  send(frame: Uint8Array): void;
  /** The connection is lost and made again. */
  comeBack(): void;
  /** Called for each further frame. */
  onFrame(listener: (frame: Uint8Array) => void): void;
}

/** A connection and the master at its other end. Frames arrive in a later microtask, in order, as over a socket. */
export function memoryPair(): { readonly connection: Connection; readonly master: MasterEnd } {
  const toMaster: ((frame: Uint8Array) => void)[] = [];
  const toWorker: ((frame: Uint8Array) => void)[] = [];
  const onReconnect: (() => void)[] = [];
  const received: Uint8Array[] = [];
  let reconnects = 0;
  let closedWith: number | undefined;
  const connection: Connection = {
    send(frame) {
      if (closedWith !== undefined) return;
      queueMicrotask(() => {
        received.push(frame);
        for (const listener of toMaster) listener(frame);
      });
    },
    onFrame(listener) {
      toWorker.push(listener);
    },
    onReconnect(listener) {
      onReconnect.push(listener);
    },
    async reconnect() {
      reconnects += 1;
    },
    async close(lingerMilliseconds) {
      closedWith ??= lingerMilliseconds;
    },
  };
  const master: MasterEnd = {
    received,
    get reconnects() {
      return reconnects;
    },
    get closedWith() {
      return closedWith;
    },
    send(frame) {
      queueMicrotask(() => {
        if (closedWith === undefined) for (const listener of toWorker) listener(frame);
      });
    },
    comeBack() {
      for (const listener of onReconnect) listener();
    },
    onFrame(listener) {
      toMaster.push(listener);
    },
  };
  return { connection, master };
}
