import type { Qos } from './message.ts';

/** A longer payload is not copied. */
export const mostBytes: number = 16_384;

/** PUBLISH without properties (MQTT 3.3), in one piece. `messageId` is 0 with QoS 0. */
export function publishPacket(
  topic: string,
  payload: string | Buffer,
  { qos = 0, retain = false }: { readonly qos?: Qos; readonly retain?: boolean },
  messageId: number,
  version: 4 | 5,
): Buffer {
  const topicLength = Buffer.byteLength(topic);
  const payloadLength = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const length = 2 + topicLength + (qos === 0 ? 0 : 2) + (version === 5 ? 1 : 0) + payloadLength;
  const headLength = length < 0x80 ? 2 : length < 0x4000 ? 3 : 4;
  const packet = Buffer.allocUnsafe(headLength + length);
  packet[0] = 0x30 | (qos << 1) | (retain ? 1 : 0);
  let rest = length;
  let at = 1;
  for (; rest > 0x7f; rest >>= 7) packet[at++] = (rest & 0x7f) | 0x80;
  packet[at++] = rest;
  at = packet.writeUInt16BE(topicLength, at);
  at += packet.write(topic, at);
  if (qos > 0) at = packet.writeUInt16BE(messageId, at);
  // The length of its properties.
  if (version === 5) packet[at++] = 0;
  if (typeof payload === 'string') packet.write(payload, at);
  else payload.copy(packet, at);
  return packet;
}
