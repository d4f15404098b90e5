import { StopUser, UsageError } from '../errors.ts';
import { events } from '../user/events.ts';
import type { Iteration } from '../user/iteration.ts';
import { judge } from '../user/verdict.ts';
import type { Caller, Exchange } from './exchange.ts';
import { RequestError } from './failure.ts';
import { checkOptions, type RequestOptions } from './options.ts';
import { BodyReader } from './reader.ts';
import { isRedirect, maxRedirects } from './redirect.ts';
import { Outgoing } from './request.ts';
import { HttpResponse } from './response.ts';
import type { SessionState } from './state.ts';
import { StreamExchange } from './stream.ts';

let resolveLast: (response: HttpResponse) => void;
let rejectLast: (reason: unknown) => void;

/** One function for all promises: a closure for each would be made for each request. */
function capture(resolve: (response: HttpResponse) => void, reject: (reason: unknown) => void): void {
  resolveLast = resolve;
  rejectLast = reject;
}

/** Makes a request as a task asks for it. */
export function perform(
  state: SessionState,
  exchange: Exchange,
  follows: boolean,
  method: string,
  url: string,
  options: RequestOptions | undefined,
): Promise<HttpResponse> {
  const answer = new Promise<HttpResponse>(capture);
  new Call(state, exchange, follows, method, options, answer).begin(url);
  return answer;
}

/**
 * One call of a task: a request, the redirects it leads to, the verdict, and its entry in the statistics. No async
 * function, because this is the hot path: one promise, which the task waits for, is all.
 */
class Call implements Caller {
  readonly #state: SessionState;
  readonly #exchange: Exchange;
  readonly #follows: boolean;
  readonly #method: string;
  readonly #options: RequestOptions | undefined;
  readonly #answer: Promise<HttpResponse>;
  readonly #resolve: (response: HttpResponse) => void = resolveLast;
  readonly #reject: (reason: unknown) => void = rejectLast;
  #outgoing: Outgoing | undefined = undefined;
  /** The planned iteration that asked, if one did. */
  #iteration: Iteration | undefined = undefined;
  #name = '';
  #firstUrl: string | undefined = undefined;
  #redirects = 0;

  constructor(
    state: SessionState,
    exchange: Exchange,
    follows: boolean,
    method: string,
    options: RequestOptions | undefined,
    answer: Promise<HttpResponse>,
  ) {
    this.#state = state;
    this.#exchange = exchange;
    this.#follows = follows;
    this.#method = method;
    this.#options = options;
    this.#answer = answer;
  }

  begin(url: string): void {
    const state = this.#state;
    const options = this.#options;
    if (state.isStopped) return this.#stop();
    this.#iteration = state.user.life.iteration;
    try {
      if (options !== undefined) checkOptions(options);
      const outgoing = new Outgoing(state, this.#method, url, options);
      const { template } = outgoing;
      this.#outgoing = outgoing;
      this.#name = options?.name || template.path;
      if (events.request.isHeard) this.#firstUrl = template.url;
      const timeout = options?.timeout ?? state.options.timeout;
      if (timeout !== undefined) this.#exchange.limit(timeout);
      if (options?.signal !== undefined) this.#exchange.heed(options.signal);
      this.#exchange.send(outgoing, this);
    } catch (thrown) {
      this.#exchange.over();
      this.#reject(thrown);
    }
  }

  answered(): void {
    const iteration = this.#iteration;
    if (iteration === undefined) this.#answered();
    // The socket's callbacks belong to the iteration that opened it; what listeners do here is this one's.
    else iteration.run(() => this.#answered());
  }

  #answered(): void {
    const state = this.#state;
    const exchange = this.#exchange;
    const outgoing = this.#outgoing;
    if (state.isStopped || outgoing === undefined) return this.#stop();
    if (this.#leadsOn(outgoing)) return exchange.send(outgoing, this);
    const { url } = outgoing.template;
    if (exchange instanceof StreamExchange && exchange.error === undefined) return this.#answerStream(exchange, url);
    exchange.over();
    const response = new HttpResponse(exchange, this.#method, this.#name, url);
    if (response.error instanceof UsageError) return this.#reject(response.error);
    if (this.#options?.catchResponse !== undefined) {
      void this.#judge(response, () => undefined);
      return;
    }
    try {
      this.#count(response, this.#name, response.failure);
    } catch (thrown) {
      // Control flow of a listener.
      return this.#reject(thrown);
    }
    this.#resolve(response);
  }

  /**
   * Whether the answer leads to another request, for which `outgoing` is made ready then. Takes its cookies in
   * passing. If it leads nowhere that can be followed, `exchange.error` says so.
   */
  #leadsOn(outgoing: Outgoing): boolean {
    const { head, error } = this.#exchange;
    if (error !== undefined || head === undefined) return false;
    const setCookies = head.values('set-cookie');
    if (setCookies !== undefined) this.#state.cookies.take(setCookies, outgoing.template.url);
    if (!this.#follows || !isRedirect(head.status)) return false;
    const location = head.values('location')?.[0];
    if (location === undefined) return false;
    try {
      if (this.#redirects++ === maxRedirects)
        throw new RequestError('TooManyRedirects', `Exceeded ${maxRedirects} redirects.`);
      outgoing.follow(this.#state, head.status, location);
    } catch (thrown) {
      this.#exchange.error = thrown;
      return false;
    }
    return true;
  }

  /** Returns the answer when its headers are there; it is counted when its body was read, was left, or broke. */
  #answerStream(exchange: StreamExchange, url: string): void {
    let broken: unknown;
    const reader = new BodyReader(exchange, (failure) => {
      exchange.over();
      if (this.#state.isStopped) throw new StopUser();
      broken = failure;
      if (this.#options?.catchResponse === undefined) this.#count(response, this.#name, failure ?? response.failure);
    });
    const response = new HttpResponse(exchange, this.#method, this.#name, url, reader);
    if (this.#options?.catchResponse === undefined) return this.#resolve(response);
    void this.#judge(response, async () => {
      await reader.leave();
      return broken;
    });
  }

  /** Lets `catchResponse` decide. `leave` ends what it has not read, and returns what broke there. */
  async #judge(response: HttpResponse, leave: () => unknown): Promise<void> {
    try {
      const catchResponse = this.#options?.catchResponse ?? (() => {});
      const verdict = await judge(response, this.#name, catchResponse);
      if (this.#state.isStopped) return this.#stop();
      const broken = await leave();
      if (verdict.flow !== undefined && verdict.outcome === undefined) throw verdict.flow;
      const failure =
        verdict.outcome === 'success' ? undefined : (verdict.outcome ?? broken ?? response.failureAs(verdict.name));
      this.#count(response, verdict.name, failure);
      if (verdict.flow !== undefined) throw verdict.flow;
      this.#resolve(response);
    } catch (thrown) {
      this.#reject(thrown);
    }
  }

  /** The user has ended. Its task may not be waiting: that is no unhandled rejection then. */
  #stop(): void {
    this.#exchange.over();
    this.#answer.catch(ignore);
    this.#reject(new StopUser());
  }

  #count(response: HttpResponse, name: string, failure: unknown): void {
    // What only listeners read is made only for listeners.
    const detail = events.request.isHeard
      ? { context: this.#options?.context, response, url: this.#firstUrl }
      : undefined;
    const { elapsed, contentLength } = response;
    const endedAt = this.#exchange.endedAt || undefined;
    const lateness = this.#iteration === undefined ? null : this.#iteration.lateness;
    this.#state.user.record(this.#method, name, elapsed, contentLength, failure, detail, endedAt, lateness);
  }
}

function ignore(): void {}
