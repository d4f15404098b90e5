import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/**
 * The system under test: an HTTP server that counts exactly. Paths choose what it does: `/fail…` answers 500,
 * `/drop…` ends the connection without an answer, `/arrive/CLASS` and `/leave/CLASS` tell of a user's life, all
 * others answer 200.
 */
export class Target {
  readonly #server: Server;
  readonly #asked = new Map<string, number>();
  /** Classes of users in the order in which these arrived. */
  readonly arrivals: string[] = [];
  readonly #held: (() => void)[] = [];
  #isHolding = false;
  #answered = 0;

  private constructor() {
    this.#server = createServer((request, response) => this.#serve(request, response));
    // a server that closes idle connections races with a client that uses them again
    this.#server.keepAliveTimeout = 0;
  }

  static start(): Promise<Target> {
    const target = new Target();
    return new Promise((resolve) => target.#server.listen(0, '127.0.0.1', () => resolve(target)));
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  /** How many requests came in, whatever became of them. */
  get asked(): number {
    return [...this.#asked.values()].reduce((sum, count) => sum + count, 0);
  }

  /** How many answers were handed to the network. */
  get answered(): number {
    return this.#answered;
  }

  /** Requests by method and path, e.g. `GET /browse`. */
  count(key: string): number {
    return this.#asked.get(key) ?? 0;
  }

  /** The methods and paths asked for since the last `forget`, without those of users' lives. */
  paths(): string[] {
    return [...this.#asked.keys()].filter((key) => !/ \/(arrive|leave)\//.test(key)).sort();
  }

  /** How many users of a class live now: those that arrived and did not leave. */
  live(className: string): number {
    return this.count(`POST /arrive/${className}`) - this.count(`POST /leave/${className}`);
  }

  /** Begins to count anew; only between two tests, for it forgets who lives. */
  forget(): void {
    this.#asked.clear();
    this.arrivals.length = 0;
    this.#answered = 0;
  }

  /** Answers nothing until `release`: a moment in which nothing finishes. */
  hold(): void {
    this.#isHolding = true;
  }

  release(): void {
    this.#isHolding = false;
    for (const answer of this.#held.splice(0)) answer();
  }

  close(): Promise<void> {
    this.release();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').replace(/\?.*/, '');
    const key = `${request.method} ${path}`;
    this.#asked.set(key, (this.#asked.get(key) ?? 0) + 1);
    if (key.startsWith('POST /arrive/')) this.arrivals.push(key.slice('POST /arrive/'.length));
    request.resume();
    const answer = (): void => {
      if (response.destroyed) return;
      if (path.startsWith('/drop')) {
        response.destroy();
        return;
      }
      this.#answered++;
      response.writeHead(path.startsWith('/fail') ? 500 : 200, { 'content-type': 'text/plain' });
      response.end('ok');
    };
    if (this.#isHolding) this.#held.push(answer);
    else answer();
  }
}
