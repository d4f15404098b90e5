import type { Socket } from 'node:net';

/** Larger bodies are worth the second piece: they need not be copied. */
const maxGathered = 16_384;

/**
 * Writes a head and a small body as one text. undici hands both over at once, in two pieces, and it costs Node more to
 * write two pieces than one. Over TLS they are one record then, too.
 */
export function gathering(socket: Socket): Socket {
  const writeAll = socket._writev;
  if (writeAll === undefined) return socket;
  socket._writev = (chunks, callback): void => {
    const [head, body] = chunks;
    const isSmall = chunks.length === 2 && body?.chunk instanceof Uint8Array && body.chunk.length <= maxGathered;
    if (!isSmall || typeof head?.chunk !== 'string' || head.encoding !== 'latin1') {
      return writeAll.call(socket, chunks, callback);
    }
    const bytes = body.chunk as Buffer;
    socket._write(head.chunk + bytes.toString('latin1'), 'latin1', callback);
  };
  return socket;
}
