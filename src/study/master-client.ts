import { readFileSync } from 'node:fs';
import { Agent, fetch, type Response } from 'undici';
import { UsageError } from '../errors.ts';
import type { MasterSettings } from './settings.ts';

/** Seconds for any answer but that of /stop. */
const patience = 20;

/** The master answered, but not with what was asked for. */
export class MasterError extends Error {
  override readonly name = 'MasterError';
}

/** Speaks HTTP with a master's web UI: its base path, login, cookies, certificate. */
export class MasterClient {
  readonly #settings: MasterSettings;
  readonly #agent: Agent;
  readonly #cookies = new Map<string, string>();

  constructor(settings: MasterSettings) {
    const { ca, isInsecure } = settings;
    this.#settings = settings;
    this.#agent = new Agent({
      // /stop answers when the users are gone
      headersTimeout: 0,
      connect: { rejectUnauthorized: !isInsecure, ...(ca === undefined ? {} : { ca: certificate(ca) }) },
    });
  }

  get url(): string {
    return this.#settings.url;
  }

  /** What the JSON at this path says. */
  async json(path: string, form?: URLSearchParams, seconds: number = patience): Promise<unknown> {
    const text = await this.text(path, form === undefined ? 'GET' : 'POST', form, seconds);
    try {
      return JSON.parse(text);
    } catch {
      throw new MasterError(`${this.url}${path} answered with no JSON: ${oneLine(text, 80)}`);
    }
  }

  /** An old master takes GET where a newer one wants POST. */
  async text(
    path: string,
    method: 'GET' | 'POST',
    body?: URLSearchParams,
    seconds: number = patience,
  ): Promise<string> {
    let answer = await this.#letIn(path, { method, ...(body === undefined ? {} : { body }) }, seconds);
    if (isWrongMethod(answer) && method === 'POST') answer = await this.#letIn(path, { method: 'GET' }, seconds);
    const { response, text } = answer;
    if (response.ok) return text;
    const to = response.headers.get('location');
    const told = to === null ? text : `go to ${to}`;
    throw new MasterError(`${this.url}${path} answered ${response.status}: ${oneLine(told, 200)}`);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** Asks, and logs in where that is wanted: at first, and when a master was restarted or the session is too old. */
  async #letIn(path: string, init: Init, seconds: number): Promise<Answer> {
    let response = await this.#ask(path, init, seconds);
    const { login } = this.#settings;
    if (isRefused(response) && login?.kind === 'form') {
      await response.body?.cancel();
      await this.#logIn(login);
      response = await this.#ask(path, init, seconds);
    }
    if (isRefused(response)) this.#refuseStranger(response);
    return { response, text: await response.text() };
  }

  /** Posts the form of the site's own login and keeps its cookie. Whether it let in shows in what is asked next. */
  async #logIn({ username, password, path }: Login): Promise<void> {
    const response = await this.#ask(
      path,
      { method: 'POST', body: new URLSearchParams({ username, password }) },
      patience,
    );
    await response.body?.cancel();
    const { status } = response;
    if (status < 400 || isRefused(response)) return;
    throw new UsageError(
      `the login form of the master at ${this.url} is not at ${path}, which answered ${status}: give login.path`,
    );
  }

  async #ask(path: string, init: Init, seconds: number): Promise<Response> {
    const { login, headers, url } = this.#settings;
    const basic =
      login?.kind === 'basic' ? { authorization: `Basic ${base64(`${login.username}:${login.password}`)}` } : {};
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { accept: 'application/json', ...headers, ...basic, ...(cookie === '' ? {} : { cookie }) },
      redirect: 'manual',
      dispatcher: this.#agent,
      signal: AbortSignal.timeout(seconds * 1000),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined) this.#cookies.set(name.trim(), value ?? '');
    }
    return response;
  }

  #refuseStranger(response: Response): never {
    const { login } = this.#settings;
    const kind =
      login === undefined
        ? 'wants a login: give login.username and login.password'
        : 'refused this login: wrong username or password';
    const form =
      isSentToLogin(response) && login?.kind === 'basic' ? ', or its login is a form (login.kind: form)' : '';
    throw new UsageError(`the master at ${this.url} ${kind}${form}`);
  }
}

type Login = NonNullable<MasterSettings['login']>;

interface Init {
  readonly method: string;
  readonly body?: URLSearchParams;
}

interface Answer {
  readonly response: Response;
  readonly text: string;
}

/** Locust sends whoever is not logged in to the page of its login. */
function isSentToLogin({ status, headers }: Response): boolean {
  return status >= 300 && status < 400 && /login/.test(headers.get('location') ?? '');
}

function isRefused(response: Response): boolean {
  return isSentToLogin(response) || response.status === 401 || response.status === 403;
}

/** Locust 2.20 says 500 to all that it does not like, with the reason in its text. */
function isWrongMethod({ response: { status }, text }: Answer): boolean {
  return status === 405 || (status === 500 && text.startsWith('405 '));
}

function oneLine(text: string, most: number): string {
  const plain = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.slice(0, most).replace(/\.$/, '');
}

/** Of its UTF-8, as browsers send it. */
function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function certificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new UsageError(`tls.ca ${path} cannot be read: ${(thrown as Error).message}`);
  }
}
