// The system of the published study: an API that hands so many predictions on at a time, in front of replicas of a model.
import { createServer, type Server, type ServerResponse } from 'node:http';

export interface ApiTargetOptions {
  /** Milliseconds of a prediction. */
  readonly serviceTime: number;
  /** Predictions that the API hands on at a time; the others wait. */
  readonly apiWorkers: number;
  /** Milliseconds that anybody waits before it is 504. */
  readonly timeout: number;
}

/** `POST /predict` and `GET /` for users, `POST /scale/3` for the study. */
export class ApiTarget {
  readonly #server: Server;
  readonly #options: ApiTargetOptions;
  readonly #waiting = new Set<() => void>();
  #replicas = 1;
  #running = 0;

  private constructor(options: ApiTargetOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      request.resume();
      const [, count] = /^\/scale\/(\d+)$/.exec(request.url ?? '') ?? [];
      if (count !== undefined) this.#replicas = Number(count);
      if (request.url === '/predict') this.#predict(response);
      else response.end('{}');
    });
  }

  static async start(options: ApiTargetOptions): Promise<ApiTarget> {
    const target = new ApiTarget(options);
    await new Promise<void>((resolve) => target.#server.listen(0, '127.0.0.1', resolve));
    return target;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  /** A command that scales it. */
  get scaleCommand(): string {
    return `'${process.execPath}' -e "fetch('${this.url}/scale/{scale}', { method: 'POST' })"`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #predict(response: ServerResponse): void {
    const serve = (): void => {
      clearTimeout(timer);
      this.#running++;
      setTimeout(() => {
        this.#running--;
        response.end('{"category":1}');
        this.#next();
      }, this.#options.serviceTime);
    };
    const timer = setTimeout(() => {
      this.#waiting.delete(serve);
      response.writeHead(504).end('{"error":"late"}');
    }, this.#options.timeout);
    this.#waiting.add(serve);
    this.#next();
  }

  #next(): void {
    for (const serve of this.#waiting) {
      if (this.#running >= Math.min(this.#replicas, this.#options.apiWorkers)) return;
      this.#waiting.delete(serve);
      serve();
    }
  }
}
