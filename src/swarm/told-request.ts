import { inspect } from 'node:util';
import { failureText, isFailure } from '../errors.ts';
import { events, type RequestEvent } from '../user/events.ts';

/** One request as plain data, for a person who watches. */
export interface ToldRequest {
  readonly method: string;
  readonly name: string;
  readonly url: string | null;
  /** Of the answer, if it has one: an HTTP status. */
  readonly status: number | null;
  /** ms. */
  readonly responseTime: number | null;
  /** Bytes. */
  readonly responseLength: number;
  readonly failure: string | null;
  /** As source text; empty if there is none. */
  readonly context: string;
}

let isTelling = false;

/** From now on `tell` hears of each request of this thread; asked again, it goes on as it is. */
export function tellRequests(tell: (request: ToldRequest) => void): void {
  if (isTelling) return;
  isTelling = true;
  events.request.addListener((event) => tell(toldRequest(event)));
}

/** What can cross to the main thread of a `request` event. */
function toldRequest(event: RequestEvent): ToldRequest {
  const { requestType, name, responseTime, responseLength, exception, context, response, url } = event;
  const status = (response as { readonly status?: unknown } | null | undefined)?.status;
  return {
    method: String(requestType),
    name: String(name),
    url: url ?? null,
    status: typeof status === 'number' && status > 0 ? status : null,
    responseTime: responseTime ?? null,
    responseLength,
    failure: isFailure(exception) ? failureText(exception) : null,
    context: Object.keys(context ?? {}).length > 0 ? inspect(context, { breakLength: Number.POSITIVE_INFINITY }) : '',
  };
}
