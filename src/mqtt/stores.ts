import type { IStore } from 'mqtt';

type Put = IStore['put'];
type Del = IStore['del'];
type Get = IStore['get'];
type Close = IStore['close'];

const empty = {
  on(event: string, listener: () => void) {
    if (event === 'end') process.nextTick(listener);
    return empty;
  },
  once: () => empty,
  read: () => null,
  destroy: () => empty,
};

/**
 * Keeps nothing of what is sent: what was not acknowledged when a connection is lost has failed, and is counted so. Sent
 * again behind the user's back it would be counted twice, or not at all.
 */
export const outgoingStore: IStore = {
  put: ((_packet, done) => {
    done();
    return outgoingStore;
  }) as Put,
  del: ((packet, done) => {
    done(undefined, packet as never);
    return outgoingStore;
  }) as Del,
  get: ((_packet, done) => {
    done(new Error('nothing is kept'));
    return outgoingStore;
  }) as Get,
  createStream: () => empty as never,
  close: ((done) => done()) as Close,
};

type Packet = Parameters<Put>[0];

/** Messages of QoS 2 that came in, until the broker releases them. Most connections never have any. */
export class IncomingStore implements IStore {
  #packets: Map<number | undefined, Packet> | undefined = undefined;

  put(packet: Packet, done: Parameters<Put>[1]): IStore {
    this.#packets ??= new Map();
    this.#packets.set(packet.messageId, packet);
    done();
    return this;
  }

  get(packet: Parameters<Get>[0], done: Parameters<Get>[1]): IStore {
    const kept = this.#packets?.get(packet.messageId);
    if (kept === undefined) done(new Error('missing packet'));
    else done(undefined, kept);
    return this;
  }

  del(packet: Parameters<Del>[0], done: Parameters<Del>[1]): IStore {
    this.#packets?.delete(packet.messageId);
    done(undefined, packet as Packet);
    return this;
  }

  createStream(): ReturnType<IStore['createStream']> {
    return empty as never;
  }

  close(done: Parameters<Close>[0]): void {
    this.#packets = undefined;
    done();
  }
}
