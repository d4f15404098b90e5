import { UsageError } from '../../errors.ts';
import type { Opener, Transport, Way } from '../transport.ts';
import { targetOf } from './connect.ts';
import { SocketConnection } from './connection.ts';

/** HTTP/1.1 over sockets, read and written here: as fast as Node goes. */
export const sockets: Transport = {
  check({ proxy, http2 }: Way): void {
    if (http2 === true) throw new UsageError('FastHttpUser speaks HTTP/1.1 only; for http2 extend HttpUser');
    if (proxy !== undefined) throw new UsageError('FastHttpUser knows no proxies; for proxy extend HttpUser');
  },

  opener(origin: URL, way: Way): Opener {
    const target = targetOf(origin, way);
    return { open: (lost) => new SocketConnection(target, lost) };
  },
};
