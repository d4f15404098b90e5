import { log } from '../log.ts';
import { decodeMessage, encodeMessage } from '../protocol/codec.ts';
import { BrokenFrameError, type MasterMessage, type WorkerMessage } from '../protocol/message.ts';
import type { Connection } from '../protocol/socket.ts';

/** So many messages wait for a master that does not know this worker yet. */
const heldMessages = 1000;

/** Messages instead of frames. A broken frame is dropped, and said once; so is a message whose handling fails. */
export class Channel {
  readonly #connection: Connection;
  readonly #clientId: string;
  readonly #held: WorkerMessage[] = [];
  #isHeld = true;
  /** Messages of the master that could not be read. */
  broken = 0;

  constructor(connection: Connection, clientId: string, onMessage: (message: MasterMessage) => void) {
    this.#connection = connection;
    this.#clientId = clientId;
    connection.onFrame((frame) => this.#receive(frame, onMessage));
  }

  /** Sends in order. A droppable message is not kept while another one waits. */
  send(message: WorkerMessage, droppable = false): void {
    this.#connection.send(encodeMessage(message, this.#clientId), { droppable });
  }

  /** Sends what user code has to say; a master that does not know this worker is told when it does. */
  tell(message: WorkerMessage): void {
    if (this.#isHeld) {
      this.#held.push(message);
      if (this.#held.length > heldMessages) this.#held.shift();
      return;
    }
    try {
      this.send(message);
    } catch (thrown) {
      const what = message.type === 'custom' ? `the message '${message.messageType}'` : `the ${message.type}`;
      log.error(`${what} could not be sent: ${(thrown as Error).message}`);
    }
  }

  /** From now on what is told waits: the master does not know this worker. */
  hold(): void {
    this.#isHeld = true;
  }

  /** The master knows this worker: it is told what waited. */
  release(): void {
    this.#isHeld = false;
    for (const message of this.#held.splice(0)) this.tell(message);
  }

  reconnect(): void {
    void this.#connection.reconnect();
  }

  #receive(frame: Uint8Array, onMessage: (message: MasterMessage) => void): void {
    try {
      onMessage(decodeMessage(frame));
    } catch (thrown) {
      const reason = thrown instanceof BrokenFrameError ? thrown.message : String((thrown as Error).stack);
      const text = `a broken message of the master was dropped: ${reason}`;
      if (this.broken++ === 0) log.warning(`${text} (further ones are told at log level DEBUG)`);
      else log.debug(text);
    }
  }
}
