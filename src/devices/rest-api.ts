import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../errors.ts';

/** How often, and after how long, something is asked again that a busy server refused. */
export interface Patience {
  /** Requests in all. */
  readonly attempts: number;
  readonly firstPauseMilliseconds: number;
  readonly mostPauseMilliseconds: number;
  /** Of one request. */
  readonly timeoutMilliseconds: number;
}

export const usualPatience: Patience = {
  attempts: 7,
  firstPauseMilliseconds: 500,
  mostPauseMilliseconds: 30_000,
  timeoutMilliseconds: 30_000,
};

/** One request. `label` is what it is called in an error: an address may hold what is better not told. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly label: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Cuts the pauses between attempts. */
  readonly signal?: AbortSignal | undefined;
}

/** What a REST API answered, if not that all is well. */
export class RestError extends UsageError {
  /** 0 if there was no answer. */
  readonly status: number;
  /** Whether an earlier attempt, or this one, went unanswered: it may have been carried out. */
  readonly wasUnanswered: boolean;

  constructor(message: string, status: number, wasUnanswered: boolean) {
    super(message);
    this.status = status;
    this.wasUnanswered = wasUnanswered;
  }
}

interface Answer {
  readonly response: Response;
  readonly text: string;
}

const busy = [429, 502, 503, 504];
/** A server that is busy says so; one that says nothing is more often none. */
const unansweredAttempts = 3;
/** Nothing was sent. */
const unsent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** Speaks JSON with a REST API: patient with a busy server, mute about secrets. */
export class RestApi {
  readonly #name: string;
  readonly #patience: Patience;
  readonly #secrets = new Set<string>();

  /** `name` is the platform's, for errors. */
  constructor(name: string, patience: Patience) {
    this.#name = name;
    this.#patience = patience;
  }

  /** A text that no error message shall hold, whoever says it. */
  keepSecret(secret: string): void {
    // Shorter ones are no secrets, and stand in any text.
    if (secret.length > 3) this.#secrets.add(secret);
  }

  /** The answer's JSON; `undefined` if a change has none. @throws RestError for each status but 2xx. */
  async call(call: Call): Promise<unknown> {
    const { attempts } = this.#patience;
    let wasUnanswered = false;
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === attempts || call.signal?.aborted === true;
      const answer = await this.#send(call);
      if (answer instanceof Error) {
        const { reason, isUnsent } = failureOf(answer);
        wasUnanswered ||= !isUnsent;
        if (isLast || attempt === unansweredAttempts) {
          throw this.#error(call, `has no answer: ${reason}`, 0, wasUnanswered);
        }
        await this.#pause(attempt, undefined, call.signal);
        continue;
      }
      const { response, text } = answer;
      if (response.ok) return this.#valueOf(call, text, response.status);
      if (!busy.includes(response.status) || isLast) {
        const what = `is answered with ${response.status} ${messageOf(text, response.statusText)}`;
        throw this.#error(call, what, response.status, wasUnanswered);
      }
      await this.#pause(attempt, response.headers.get('retry-after') ?? undefined, call.signal);
    }
  }

  /** A redirect is not followed: the headers hold secrets that are for this address only. */
  async #send({ method, url, headers, body }: Call): Promise<Answer | Error> {
    const sent = fetch(url, {
      method,
      headers: {
        ...headers,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(this.#patience.timeoutMilliseconds),
    });
    // Half an answer is none: a list that was cut off would pass for a short one.
    return sent.then(async (response) => ({ response, text: await response.text() })).catch((thrown: Error) => thrown);
  }

  /** A page of HTML, such as a proxy's or a login's, would pass for an empty list. */
  #valueOf(call: Call, text: string, status: number): unknown {
    const value = jsonOf(text);
    if (value !== undefined || call.method !== 'GET') return value;
    throw this.#error(call, 'is answered with something else than JSON; is its URL right?', status, false);
  }

  async #pause(attempt: number, retryAfter: string | undefined, signal: AbortSignal | undefined): Promise<void> {
    const { firstPauseMilliseconds: first, mostPauseMilliseconds: most } = this.#patience;
    const asked = retryAfter === undefined ? Number.NaN : Number(retryAfter) * 1000;
    const own = first * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
    await sleep(Math.min(most, Number.isFinite(asked) ? Math.max(asked, own) : own), undefined, { signal }).catch(
      () => {},
    );
  }

  #error({ method, label }: Call, what: string, status: number, wasUnanswered: boolean): RestError {
    const hint = status === 401 || status === 403 ? '; check its credentials' : '';
    const text = [...this.#secrets].reduce((told, secret) => told.replaceAll(secret, '***'), what);
    return new RestError(`${this.#name}: ${method} ${label} ${text}${hint}`, status, wasUnanswered);
  }
}

/** `fetch failed` says nothing; its cause does. */
function failureOf(error: Error): { readonly reason: string; readonly isUnsent: boolean } {
  if (error.name === 'TimeoutError') return { reason: 'it took too long', isUnsent: false };
  const { message = '', code = '' } = (error.cause ?? {}) as { message?: string; code?: string };
  return { reason: message || code || error.message, isUnsent: unsent.includes(code) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The message in the answer, in the words of either platform, or how it begins. */
function messageOf(text: string, statusText: string): string {
  const json = jsonOf(text) as { message?: unknown; error?: { message?: unknown } | string } | null | undefined;
  const error = typeof json?.error === 'object' ? json.error?.message : json?.error;
  const said = [json?.message, error].find((part) => typeof part === 'string') ?? (text || statusText);
  return String(said).replace(/\s+/g, ' ').slice(0, 200);
}
