import type { Duplex } from 'node:stream';

/** Milliseconds for the first packet to come. */
const patience = 30_000;

/** What a client speaks: 3 is MQTT 3.1, 4 is 3.1.1, 5 is 5. */
export type ProtocolLevel = 3 | 4 | 5;

/**
 * Looks into the CONNECT packet (MQTT 3.1.2) with which a connection begins, and leaves it unread. What is no CONNECT is
 * cut off, as is who says nothing; `onLevel` is not called then.
 */
export function readProtocolLevel(stream: Duplex, onLevel: (level: ProtocolLevel) => void): void {
  const late = setTimeout(() => stream.destroy(), patience).unref();
  let head = Buffer.alloc(0);
  const end = (): void => clearTimeout(late);
  const look = (): void => {
    const chunk = stream.read() as Buffer | null;
    if (chunk === null) return;
    head = Buffer.concat([head, chunk]);
    const level = levelOf(head);
    if (level === undefined) return;
    stream.off('readable', look);
    if (level === null) {
      stream.destroy();
      return;
    }
    end();
    stream.unshift(head);
    // Only then does the stream know that nobody listens any more, and tells the next one what lies there.
    setImmediate(() => {
      if (!stream.destroyed) onLevel(level);
    });
  };
  stream.on('readable', look);
  stream.on('close', end);
  // Whoever comes next has listeners of their own; until then an error is the end, as any other.
  stream.on('error', () => {});
}

/** Undefined if more must be read, null if it is no CONNECT. */
function levelOf(head: Buffer): ProtocolLevel | null | undefined {
  const [kind] = head;
  if (kind === undefined) return undefined;
  if (kind !== 0x10) return null;
  // The remaining length has up to four bytes; the last one has no high bit.
  let at = 1;
  while ((head[at] ?? 0) >= 0x80) at++;
  if (at > 4) return null;
  if (head.length < at + 3) return undefined;
  const nameLength = head.readUInt16BE(at + 1);
  if (nameLength > 6) return null;
  const level = head[at + 3 + nameLength];
  if (level === undefined) return undefined;
  return level === 3 || level === 4 || level === 5 ? level : null;
}
