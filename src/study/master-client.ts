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

  /** Posts the form of the site's own login and keeps its cookie; nothing where no form is to be posted. */
  async logIn(): Promise<void> {
    const { login } = this.#settings;
    if (login?.kind !== 'form') return;
    const body = new URLSearchParams({ username: login.username, password: login.password });
    await this.#ask(login.path, { method: 'POST', body }, patience);
  }

  /** What the JSON at this path says. */
  async json(path: string, form?: URLSearchParams, seconds: number = patience): Promise<unknown> {
    const text = await this.text(path, form === undefined ? 'GET' : 'POST', form, seconds);
    try {
      return JSON.parse(text);
    } catch {
      throw new MasterError(`${this.url}${path} answered with no JSON: ${text.slice(0, 80).replace(/\s+/g, ' ')}`);
    }
  }

  /** An old master takes GET where a newer one wants POST. */
  async text(
    path: string,
    method: 'GET' | 'POST',
    body?: URLSearchParams,
    seconds: number = patience,
  ): Promise<string> {
    let response = await this.#ask(path, { method, ...(body === undefined ? {} : { body }) }, seconds);
    if (response.status === 405 && method === 'POST') response = await this.#ask(path, { method: 'GET' }, seconds);
    await this.#refuseStranger(response);
    const text = await response.text();
    if (!response.ok) throw new MasterError(`${this.url}${path} answered ${response.status}: ${text.slice(0, 200)}`);
    return text;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #ask(path: string, init: { method: string; body?: URLSearchParams }, seconds: number): Promise<Response> {
    const { login, headers, url } = this.#settings;
    const basic =
      login?.kind === 'basic' ? { authorization: `Basic ${btoa(`${login.username}:${login.password}`)}` } : {};
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

  /** Locust sends whoever is not logged in to the page of its login. */
  async #refuseStranger({ status, headers }: Response): Promise<void> {
    const isSentAway = status >= 300 && status < 400 && /login/.test(headers.get('location') ?? '');
    if (!isSentAway && status !== 401 && status !== 403) return;
    const { login } = this.#settings;
    const kind =
      login === undefined
        ? 'wants a login: give login.username and login.password'
        : 'refused this login: wrong username or password';
    const form = isSentAway && login?.kind === 'basic' ? ', or its login is a form (login.kind: form)' : '';
    throw new UsageError(`the master at ${this.url} ${kind}${form}`);
  }
}

function certificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new UsageError(`tls.ca ${path} cannot be read: ${(thrown as Error).message}`);
  }
}
