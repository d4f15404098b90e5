// What operators and their probes ask a worker: is it alive, does its master know it, how does it do.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../errors.ts';
import type { Metrics } from './metrics.ts';

/** What the probes answer by. */
export interface Health {
  /** Locust's word, or `connecting`. */
  readonly state: string;
  /** Whether the master knows this worker: a load test can count on it. */
  readonly isReady: boolean;
}

const plain = 'text/plain; charset=utf-8';

/**
 * The worker's own port: `/healthz` (200 as long as the main thread answers, whatever the master does), `/readyz` (200
 * from the master's ack on, 503 before it and when the master is lost), `/metrics` (Prometheus).
 *
 * @example const monitor = await Monitor.listen(8080, undefined, () => ({ state: 'ready', isReady: true }), metrics);
 */
export class Monitor {
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /**
   * Listens on `port` (0 for any that is free) of `address` (all interfaces if not given).
   *
   * @throws UsageError if it cannot.
   */
  static listen(port: number, address: string | undefined, health: () => Health, metrics: Metrics): Promise<Monitor> {
    const server = createServer((request, response) => {
      const path = request.url?.replace(/\?.*/, '');
      if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'GET is expected\n');
      if (path === '/metrics') return void tellMetrics(response, metrics);
      const { state, isReady } = health();
      if (path === '/healthz') return answer(response, 200, `alive, ${state}\n`);
      if (path === '/readyz')
        return answer(response, isReady ? 200 : 503, `${isReady ? 'ready' : 'not ready'}, ${state}\n`);
      answer(response, 404, 'there are /healthz, /readyz and /metrics\n');
    });
    // A watcher that has gone must not keep the worker from its end.
    server.unref();
    return new Promise((resolve, reject) => {
      server.once('error', (error) => {
        const at = `${address ?? ''}:${port}`;
        reject(new UsageError(`--health-port cannot listen on ${at}: ${error.message}; give another --health-port`));
      });
      server.listen(port, address, () => resolve(new Monitor(server)));
    });
  }

  /** Answers nobody any more. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function answer(response: ServerResponse, status: number, text: string, type: string = plain): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

async function tellMetrics(response: ServerResponse, metrics: Metrics): Promise<void> {
  try {
    answer(response, 200, await metrics.text(), metrics.contentType);
  } catch (thrown) {
    answer(response, 500, `${(thrown as Error).message}\n`);
  }
}
