import { UsageError } from '../errors.ts';
import { events } from '../user/events.ts';
import type { Exchange } from './exchange.ts';
import { RequestError } from './failure.ts';
import { rawValues } from './headers.ts';
import { checkOptions, type RequestOptions } from './options.ts';
import { BodyReader } from './reader.ts';
import { isRedirect, maxRedirects } from './redirect.ts';
import { Outgoing } from './request.ts';
import { HttpResponse } from './response.ts';
import type { SessionState } from './state.ts';
import { StreamExchange } from './stream.ts';
import { judge } from './verdict.ts';

/** One call of a task: a request, the redirects it leads to, the verdict, and its entry in the statistics. */
export async function perform(
  state: SessionState,
  exchange: Exchange,
  follows: boolean,
  method: string,
  url: string,
  options: RequestOptions | undefined,
): Promise<HttpResponse> {
  const { signal } = state;
  if (signal.aborted) throw exchange.stopped();
  if (options !== undefined) checkOptions(options);
  const outgoing = new Outgoing(state, method, url, options);
  const name = options?.name || outgoing.name;
  const firstUrl = events.request.isHeard ? outgoing.url : undefined;
  const timeout = options?.timeout ?? state.options.timeout;
  if (timeout !== undefined) exchange.limit(timeout);
  if (options?.signal !== undefined) exchange.heed(options.signal);
  let redirects = 0;
  do {
    await exchange.send(outgoing.route.connections, outgoing);
    if (signal.aborted) throw exchange.stopped();
  } while (leadsOn(state, exchange, follows, outgoing, redirects++));
  if (exchange instanceof StreamExchange && exchange.error === undefined) {
    return answerStream(state, exchange, method, name, outgoing.url, firstUrl, options);
  }
  exchange.over();
  const response = new HttpResponse(exchange, method, name, outgoing.url);
  if (response.error instanceof UsageError) throw response.error;
  if (options?.catchResponse === undefined) {
    count(state, response, name, response.failure, firstUrl, options);
    return response;
  }
  const verdict = await judge(response, name, options.catchResponse);
  if (signal.aborted) throw exchange.stopped();
  if (verdict.flow !== undefined && verdict.outcome === undefined) throw verdict.flow;
  const failure = verdict.outcome === 'success' ? undefined : (verdict.outcome ?? response.failureAs(verdict.name));
  count(state, response, verdict.name, failure, firstUrl, options);
  if (verdict.flow !== undefined) throw verdict.flow;
  return response;
}

/**
 * Whether an answer leads to another request, for which `outgoing` is made ready then. Takes its cookies in passing.
 * If it leads nowhere that can be followed, `exchange.error` says so.
 */
function leadsOn(
  state: SessionState,
  exchange: Exchange,
  follows: boolean,
  outgoing: Outgoing,
  redirects: number,
): boolean {
  if (exchange.error !== undefined) return false;
  const setCookies = rawValues(exchange.rawHeaders, 'set-cookie');
  if (setCookies !== undefined) state.cookies.take(setCookies, outgoing.url);
  if (!follows || !isRedirect(exchange.status)) return false;
  const location = rawValues(exchange.rawHeaders, 'location')?.[0];
  if (location === undefined) return false;
  try {
    if (redirects === maxRedirects) throw new RequestError('TooManyRedirects', `Exceeded ${maxRedirects} redirects.`);
    outgoing.follow(state, exchange.status, location);
  } catch (thrown) {
    exchange.error = thrown;
  }
  return exchange.error === undefined;
}

/** Returns the answer when its headers are there; it is counted when its body was read, was left, or broke. */
async function answerStream(
  state: SessionState,
  exchange: StreamExchange,
  method: string,
  name: string,
  url: string,
  firstUrl: string | undefined,
  options: RequestOptions | undefined,
): Promise<HttpResponse> {
  const { signal } = state;
  const catchResponse = options?.catchResponse;
  let broken: unknown;
  const reader = new BodyReader(exchange, (failure) => {
    exchange.over();
    if (signal.aborted) throw exchange.stopped();
    broken = failure;
    if (catchResponse === undefined) count(state, response, name, failure ?? response.failure, firstUrl, options);
  });
  const response = new HttpResponse(exchange, method, name, url, reader);
  if (catchResponse === undefined) return response;
  const verdict = await judge(response, name, catchResponse);
  if (signal.aborted) throw exchange.stopped();
  await reader.leave();
  if (verdict.flow !== undefined && verdict.outcome === undefined) throw verdict.flow;
  const failure =
    verdict.outcome === 'success' ? undefined : (verdict.outcome ?? broken ?? response.failureAs(verdict.name));
  count(state, response, verdict.name, failure, firstUrl, options);
  if (verdict.flow !== undefined) throw verdict.flow;
  return response;
}

function count(
  { user }: SessionState,
  response: HttpResponse,
  name: string,
  failure: unknown,
  url: string | undefined,
  options: RequestOptions | undefined,
): void {
  const { method, elapsed, contentLength } = response;
  // What only listeners read is made only for listeners.
  const detail = events.request.isHeard ? { context: options?.context, response, url } : undefined;
  user.record(method, name, elapsed, contentLength, failure, detail);
}
