import { UsageError } from '../errors.ts';
import { bodyOf, type HarBody, type HarHeader, headersOf, list, type Row, row, text } from './har-parts.ts';
import { isMethod } from './hit.ts';
import { timeOf } from './log-time.ts';
import { isAsset } from './segment.ts';
import { type Target, targetOf } from './target.ts';

/** One request of a browser, as it will be made again. Times in epoch ms. */
export interface HarRequest {
  readonly method: string;
  /** `https://shop.example.com`. */
  readonly origin: string;
  readonly target: Target;
  readonly status: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly headers: readonly HarHeader[];
  readonly body: HarBody | undefined;
  /** Id of its page. */
  readonly page: string;
}

/** What one recording of a browser holds. */
export interface Har {
  readonly file: string;
  /** Origin of the first page. */
  readonly site: string;
  /** In the order in which they began. */
  readonly requests: readonly HarRequest[];
  /** Page → its title. */
  readonly titles: ReadonlyMap<string, string>;
  readonly leftOut: {
    /** Host → requests that are not for this site. */
    readonly hosts: Map<string, number>;
    assets: number;
    filtered: number;
    /** Preflights, answers that never came, what is no HTTP. */
    unanswered: number;
  };
}

/** What of a recording is kept. */
export interface HarSettings {
  readonly keepAssets: boolean;
  /** Hosts that are kept beside that of the first page. */
  readonly hosts: readonly string[];
  isWanted(method: string, path: string): boolean;
}

/** Reads a HAR 1.2 file. */
export function harOf(json: string, file: string, settings: HarSettings): Har {
  const log = row(row(parsed(json, file)).log);
  if (!Array.isArray(log.entries)) throw new UsageError(`${file} is no HAR: it has no log.entries`);
  const entries = list(log.entries).map(row);
  entries.sort((one, other) => (timeOf(one.startedDateTime) ?? 0) - (timeOf(other.startedDateTime) ?? 0));
  const first = entries.map((entry) => urlOf(entry)).find((url) => url !== undefined);
  if (first === undefined) throw new UsageError(`${file} holds no request over HTTP`);
  const leftOut = { hosts: new Map<string, number>(), assets: 0, filtered: 0, unanswered: 0 };
  const hosts = new Set([first.host, ...settings.hosts]);
  const requests = entries.flatMap((entry) => {
    const url = urlOf(entry);
    const target = url === undefined ? undefined : targetOf(url.href);
    const request = url === undefined || target === undefined ? undefined : requestOf(entry, url, target);
    if (url === undefined || request === undefined) leftOut.unanswered++;
    else if (!hosts.has(url.host)) leftOut.hosts.set(url.host, (leftOut.hosts.get(url.host) ?? 0) + 1);
    else if (!settings.isWanted(request.method, request.target.path)) leftOut.filtered++;
    else if (!settings.keepAssets && isStatic(entry, request.target.path)) leftOut.assets++;
    else return [request];
    return [];
  });
  const titles = new Map(list(log.pages).map((page) => [text(row(page).id), text(row(page).title)]));
  return { file, site: first.origin, requests, titles, leftOut };
}

function parsed(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (thrown) {
    throw new UsageError(`${file} is no HAR: ${(thrown as Error).message}`);
  }
}

function urlOf(entry: Row): URL | undefined {
  const url = text(row(entry.request).url);
  return /^https?:/i.test(url) && URL.canParse(url) ? new URL(url) : undefined;
}

function requestOf(entry: Row, url: URL, target: Target): HarRequest | undefined {
  const request = row(entry.request);
  const method = text(request.method).toUpperCase();
  const startedAt = timeOf(entry.startedDateTime);
  const status = Number(row(entry.response).status) || 0;
  const isPreflight =
    method === 'OPTIONS' &&
    list(request.headers).some((header) => /^access-control-request-method$/i.test(text(row(header).name)));
  if (!isMethod(method) || startedAt === undefined || status === 0 || isPreflight) return undefined;
  const took = Math.max(0, Number(entry.time) || 0);
  const body = bodyOf(row(request.postData));
  return {
    method,
    origin: url.origin,
    target,
    status,
    startedAt,
    endedAt: startedAt + took,
    headers: headersOf(list(request.headers), body),
    body,
    page: text(entry.pageref),
  };
}

function isStatic(entry: Row, path: string): boolean {
  // Chromium tells what it was for.
  return isAsset(path) || /^(image|font|stylesheet|script|media|manifest)$/.test(text(entry._resourceType));
}
