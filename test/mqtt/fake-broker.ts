// A broker in this process that answers as a test says: packets of mqtt-packet over sockets that it can count and cut.
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { Packet as AnyPacket } from 'mqtt';
import { until } from '../e2e/until.ts';

/** A packet, its fields as they are on the wire. */
export type Packet = AnyPacket & { readonly messageId?: number; readonly topic?: string; readonly payload?: Buffer };

interface Codec {
  parser(options: { protocolVersion: number }): {
    on(event: 'packet', listener: (packet: Packet) => void): void;
    parse(bytes: Buffer): void;
  };
  generate(packet: unknown, options: { protocolVersion: number }): Buffer;
}

const own = createRequire(import.meta.url);
/** mqtt.js's own, for it is nobody else's dependency. */
export const codec: Codec = createRequire(own.resolve('mqtt'))('mqtt-packet') as Codec;

/** One client at the broker. */
export class Guest {
  readonly socket: Socket;
  connect: Packet | undefined = undefined;
  version: number;

  constructor(socket: Socket, version: number) {
    this.socket = socket;
    this.version = version;
  }

  send(packet: Readonly<Record<string, unknown>>): void {
    this.socket.write(codec.generate(packet, { protocolVersion: this.version }));
  }
}

/** Does something else than the usual with a packet; the usual if it returns false. */
export type Answers = (packet: Packet, guest: Guest) => unknown;

/** The usual: everything is granted, a message goes back to who sent it. */
function usual(packet: Packet, guest: Guest): void {
  const { messageId } = packet;
  switch (packet.cmd) {
    case 'connect':
      return guest.send({ cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false });
    case 'subscribe':
      return guest.send({ cmd: 'suback', messageId, granted: packet.subscriptions.map(({ qos }) => qos) });
    case 'unsubscribe':
      return guest.send({ cmd: 'unsuback', messageId, granted: [0] });
    case 'publish':
      if (packet.qos === 1) guest.send({ cmd: 'puback', messageId, reasonCode: 0 });
      if (packet.qos === 2) guest.send({ cmd: 'pubrec', messageId, reasonCode: 0 });
      return guest.send({ ...packet, qos: 0 });
    case 'pubrel':
      return guest.send({ cmd: 'pubcomp', messageId, reasonCode: 0 });
    case 'pingreq':
      return guest.send({ cmd: 'pingresp' });
    case 'disconnect':
      guest.socket.end();
  }
}

export class FakeBroker {
  readonly port: number;
  /** Those who have sent CONNECT, in their order. */
  readonly guests: Guest[] = [];
  /** All packets that came, in their order. */
  readonly packets: Packet[] = [];
  answers: Answers;
  readonly #sockets: Set<Socket>;

  constructor(port: number, sockets: Set<Socket>, answers: Answers) {
    this.port = port;
    this.#sockets = sockets;
    this.answers = answers;
  }

  static async start(t: TestContext, answers: Answers = () => false): Promise<FakeBroker> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => sockets.delete(socket)).on('error', () => {});
      broker.#welcome(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const broker: FakeBroker = new FakeBroker((server.address() as AddressInfo).port, sockets, answers);
    t.after(() => {
      broker.cut();
      server.close();
    });
    return broker;
  }

  get host(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  get open(): number {
    return this.#sockets.size;
  }

  /** How many packets of this kind have come. */
  count(cmd: Packet['cmd']): number {
    return this.packets.filter((packet) => packet.cmd === cmd).length;
  }

  /** All connections end without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async untilOpen(open: number): Promise<void> {
    await until(`${open} connections are open`, () => this.open === open, { every: 0.005, show: () => this.open });
  }

  #welcome(socket: Socket): void {
    const guest = new Guest(socket, 4);
    // Version 4 reads every CONNECT; what follows is read in its own version.
    let parser = this.#parser(guest);
    socket.on('data', (bytes) => {
      parser.parse(bytes);
      if (guest.version !== 4 && !isFive) {
        isFive = true;
        parser = this.#parser(guest);
      }
    });
    let isFive = false;
  }

  #parser(guest: Guest): ReturnType<Codec['parser']> {
    const parser = codec.parser({ protocolVersion: guest.version });
    parser.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        guest.connect = packet;
        guest.version = packet.protocolVersion ?? 4;
        this.guests.push(guest);
      }
      this.packets.push(packet);
      if (this.answers(packet, guest) === false) usual(packet, guest);
    });
    return parser;
  }
}
