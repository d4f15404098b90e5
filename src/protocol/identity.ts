import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { hostname as nameOfThisHost } from 'node:os';

/** ZeroMQ's limit for an identity, less the underscore and the 32 digits. */
const maxHostBytes = 255 - 33;

/**
 * A new worker id, `<hostname>_<32 hex digits>`: ZeroMQ identity of the socket and node id of each message. To be kept
 * for the life of the process. The master deals users to workers by the host before the first underscore.
 *
 * Always UTF-8 of at most 255 bytes that does not begin with a NUL: libzmq takes nothing else.
 *
 * @example workerId('pod-3'); // 'pod-3_9f86d081884c7d659a2feaa0c55ad015'
 */
export function workerId(hostname: string = nameOfThisHost()): string {
  return `${clip(hostname.replace(/^\0+/, ''))}_${randomUUID().replaceAll('-', '')}`;
}

/** Cut between two characters; a lone surrogate becomes U+FFFD on the way. */
function clip(hostname: string): string {
  const bytes = Buffer.from(hostname);
  if (bytes.length <= maxHostBytes) return bytes.toString();
  let end = maxHostBytes;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
