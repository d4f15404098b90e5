// A master's web API with its traps, without a master: what it is asked for is kept.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface MadeMasterOptions {
  readonly basePath?: string;
  /** `basic` answers 401, `form` sends to the page of the login. */
  readonly login?: 'basic' | 'form';
  /** As Locust 2.12 and 2.20: wants GET for /stop and /stats/reset, tells times in its table only, and errors as HTML. */
  readonly isOld?: boolean;
}

/** What it answers, to be changed by a test. */
export interface MadeState {
  state: string;
  users: number;
  requests: number;
  /** Requests that were on their way at a reset. */
  afterReset: number;
  /** rps as it is shown; more after a reset that is to be seen by the time that it stands for. */
  rate: number;
  workers: number;
  /** Workers leave at a stop, and are back after so many looks. */
  away: number;
  /** Workers that it has lost, besides. */
  missing: number;
  /** What its login gives out, and lets in. */
  session: string;
  /** Shows the statistics of before a reset so many times more. */
  stale: number;
  refusal: string | undefined;
  message: string;
}

export class MadeMaster {
  readonly asked: { readonly method: string; readonly path: string; readonly body: string }[] = [];
  /** How each request says who asks. */
  readonly authorizations: (string | undefined)[] = [];
  readonly now: MadeState = {
    ...{
      state: 'ready',
      users: 0,
      requests: 0,
      afterReset: 0,
      rate: 5,
      workers: 2,
      away: 0,
      missing: 0,
      session: 'open',
      stale: 0,
      refusal: undefined,
      message: 'Swarming started',
    },
  };
  readonly #options: MadeMasterOptions;
  readonly #server: Server;
  #cached: number | undefined;

  private constructor(options: MadeMasterOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(options: MadeMasterOptions = {}): Promise<MadeMaster> {
    const master = new MadeMaster(options);
    await new Promise<void>((resolve) => master.#server.listen(0, '127.0.0.1', resolve));
    return master;
  }

  get url(): string {
    const address = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return `http://127.0.0.1:${port}${this.#options.basePath ?? ''}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { basePath = '', isOld = false } = this.#options;
    const { method = 'GET', url = '/' } = request;
    const path = url.startsWith(basePath) ? url.slice(basePath.length) : 'beside the base path';
    this.asked.push({ method, path, body });
    this.authorizations.push(request.headers.authorization);
    const json = (value: unknown): unknown => response.end(JSON.stringify(value));
    if (path === '/login_submit') {
      const isRight = new URLSearchParams(body).get('password') === 'right';
      response.writeHead(302, {
        location: isRight ? '/' : '/login',
        ...(isRight ? { 'set-cookie': `session=${this.now.session}; Path=/` } : {}),
      });
      return void response.end();
    }
    if (!paths.includes(path)) return void response.writeHead(404).end();
    if (!this.#isLetIn(request)) {
      if (this.#options.login === 'form') response.writeHead(302, { location: `${basePath}/login?next=%2F` });
      else response.writeHead(401);
      return void response.end();
    }
    if (['/stop', '/stats/reset'].includes(path) && (method === 'GET') !== isOld)
      // 2.12 says the one, 2.20 the other.
      return void response.writeHead(path === '/stop' ? 405 : 500).end('405 Method Not Allowed: not for this URL.');
    switch (path) {
      case '/':
        if (isOld)
          return void response.end('<a href="https://github.com/locustio/locust/releases/tag/2.12.1">2.12.1</a>');
        return void response.end('<script>window.templateArgs = {"version": "2.47.0"}</script>');
      case '/swarm':
        // As one with class picker answers.
        return void json({
          success: this.now.refusal === undefined,
          message: this.now.refusal ?? this.now.message,
          user_classes: new URLSearchParams(this.asked.at(-1)?.body).getAll('user_classes'),
        });
      case '/stop':
        Object.assign(this.now, { state: this.now.missing > 0 ? 'stopping' : 'stopped', users: 0 });
        return void json({ success: true, message: 'Test stopped' });
      case '/stats/reset':
        this.#cached = this.now.requests;
        this.now.requests = this.now.afterReset;
        if (this.now.afterReset > 0) this.now.rate = 1000;
        return void response.end('ok');
      case '/stats/requests':
        return void json(isOld ? withoutTimes(this.#statistics()) : this.#statistics());
      case '/stats/requests/csv':
        return void response.end(
          `${tableHead}\n,Aggregated,${this.now.requests},3,10,12.5,1,99,5,${this.now.rate},0,30,40\n`,
        );
      default:
        return void response.writeHead(404).end();
    }
  }

  #isLetIn({ headers }: IncomingMessage): boolean {
    const { login } = this.#options;
    if (login === undefined) return true;
    if (login === 'form') return headers.cookie === `session=${this.now.session}`;
    return headers.authorization === `Basic ${btoa('ada:right')}`;
  }

  #statistics(): Statistics {
    const requests = this.now.stale-- > 0 ? (this.#cached ?? this.now.requests) : this.now.requests;
    const total = {
      name: 'Aggregated',
      num_requests: requests,
      num_failures: 3,
      total_rps: this.now.rate,
      avg_response_time: 12.5,
      median_response_time: 10,
    };
    return {
      ...{ state: this.now.state, user_count: this.now.users },
      stats: [
        { name: '/', num_requests: 1 },
        { ...total, 'response_time_percentile_0.95': 30, 'response_time_percentile_0.99': 40 },
      ],
      errors: [
        { method: 'GET', name: '/', error: 'rare', occurrences: 1 },
        { method: 'GET', name: '/', error: 'often', occurrences: 2 },
      ],
      current_response_time_percentiles: { 'response_time_percentile_0.5': 9, 'response_time_percentile_0.95': 29 },
      workers: Array.from({ length: this.#workers() + this.now.missing }, (_, at) => ({
        id: `w${at}`,
        state: at < this.now.missing ? 'missing' : 'ready',
        user_count: 0,
        cpu_usage: 7,
      })),
    };
  }

  #workers(): number {
    return this.now.state === 'stopped' && this.now.away-- > 0 ? 0 : this.now.workers;
  }
}

const paths = ['/', '/swarm', '/stop', '/stats/reset', '/stats/requests', '/stats/requests/csv'];
const tableHead =
  'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,' +
  'Max Response Time,Average Content Size,Requests/s,Failures/s,95%,99%';

interface Statistics {
  readonly stats: readonly Record<string, unknown>[];
  readonly errors: readonly Record<string, unknown>[];
  readonly [key: string]: unknown;
}

function withoutTimes(statistics: Statistics): unknown {
  const { current_response_time_percentiles: _, ...rest } = statistics;
  return {
    ...rest,
    stats: statistics.stats.map(({ name, num_requests }) => ({ name, num_requests, num_failures: 3, current_rps: 4 })),
    errors: statistics.errors.map((row) => ({ ...row, error: `E(&#x27;${row.error} &amp;lt;&#x27;)` })),
    ...{ current_response_time_percentile_50: 9, current_response_time_percentile_95: 29 },
  };
}
