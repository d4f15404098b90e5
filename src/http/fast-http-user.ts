import { HttpUser } from './http-user.ts';
import { sockets } from './sockets/transport.ts';
import type { Transport } from './transport.ts';

/**
 * As `HttpUser`, with less work for each request: HTTP/1.1 and TLS only, neither HTTP/2 (`http2`) nor `proxy`, which
 * are a `UsageError`. A request is sent a second time if it can be repeated and the server had closed the connection
 * unseen (`client.repeats` counts). Locust's `FastHttpUser`.
 *
 * @example
 * export class Visitor extends FastHttpUser {
 *   static host = 'https://shop.example.com';
 *   static tasks = { home: 1 } satisfies Tasks<Visitor>;
 *   async home() {
 *     await this.client.get('/');
 *   }
 * }
 */
export class FastHttpUser extends HttpUser {
  static override abstract: boolean = true;
  static override readonly transport: Transport = sockets;
}
