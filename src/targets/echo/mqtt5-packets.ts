import type { IConnackPacket, IConnectPacket, Packet } from 'mqtt-packet';

/** What a server of MQTT 5 says of its end, or of a refusal (MQTT 5, 2.4). */
export const reasonCode = {
  protocolError: 0x82,
  unsupportedVersion: 0x84,
  badLogin: 0x86,
  notAuthorized: 0x87,
  badAuthenticationMethod: 0x8c,
  takenOver: 0x8e,
} as const;
export type ReasonCode = (typeof reasonCode)[keyof typeof reasonCode];

/** By return code of MQTT 3.1.1. */
const refusals: readonly number[] = [0, reasonCode.unsupportedVersion, 0x85, 0x88, reasonCode.badLogin, 0x87];

/** What the inner broker does not do. */
const limits: IConnackPacket['properties'] = {
  subscriptionIdentifiersAvailable: false,
  sharedSubscriptionAvailable: false,
};

/** The CONNECT of 3.1.1 for one of 5; who it is goes another way. */
export function oldConnect({ clean = true, keepalive = 0, will }: IConnectPacket, clientId: string): Packet {
  const old = { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId, clean, keepalive } as const;
  if (will === undefined) return old;
  const { topic, payload, qos = 0, retain = false } = will;
  return { ...old, will: { topic, payload, qos, retain } };
}

/** What a client of MQTT 5 says after its CONNECT, in 3.1.1: without its properties. Undefined for what that has not. */
export function oldPacket(packet: Packet): Packet | undefined {
  switch (packet.cmd) {
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return { cmd: packet.cmd, ...idOf(packet) };
    case 'subscribe':
      return {
        cmd: 'subscribe',
        ...idOf(packet),
        subscriptions: packet.subscriptions.map(({ topic, qos }) => ({ topic, qos })),
      };
    case 'unsubscribe':
      return { cmd: 'unsubscribe', ...idOf(packet), unsubscriptions: packet.unsubscriptions };
    // Of which its properties are not written.
    case 'publish':
    case 'pingreq':
      return packet;
    default:
      return undefined;
  }
}

/** What the broker says in 3.1.1, in MQTT 5. `count` is how many topics an UNSUBACK is for. */
export function newPacket(
  packet: Packet,
  count: (messageId: number) => number,
  own: IConnackPacket['properties'],
): Packet {
  switch (packet.cmd) {
    case 'connack': {
      const { sessionPresent, returnCode = 0 } = packet;
      const code = refusals[returnCode] ?? reasonCode.notAuthorized;
      return {
        cmd: 'connack',
        sessionPresent,
        reasonCode: code,
        ...(code === 0 ? { properties: { ...limits, ...own } } : {}),
      };
    }
    case 'suback': {
      const granted = (packet.granted as number[]).map((qos) => (qos > 2 ? reasonCode.notAuthorized : qos));
      return { cmd: 'suback', ...idOf(packet), granted };
    }
    case 'unsuback':
      return {
        cmd: 'unsuback',
        ...idOf(packet),
        granted: Array.from({ length: count(packet.messageId ?? 0) }, () => 0),
      };
    default:
      return packet;
  }
}

function idOf({ messageId }: Packet): { messageId?: number } {
  return messageId === undefined ? {} : { messageId };
}
