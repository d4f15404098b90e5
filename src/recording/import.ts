import { UsageError } from '../errors.ts';
import { type Har, harOf } from './har.ts';
import { type Format, type ReadFile, readLogs } from './reading.ts';
import { harSummary, logSummary } from './summary.ts';
import { Traffic, type TrafficSettings } from './traffic.ts';
import { userFile } from './user-file.ts';
import { visitsOf } from './visit.ts';
import { visitFile } from './visit-file.ts';

export interface ImportSettings extends TrafficSettings {
  /** How the files are written; found out if not given. */
  readonly format?: Format | undefined;
  /** The system under test, as it will stand in the file. */
  readonly host?: string | undefined;
  /** HAR: hosts that are kept beside that of the first page. */
  readonly hosts: readonly string[];
  /** How the file can be made again. */
  readonly commandLine: string;
}

export interface Imported {
  /** The user file. */
  readonly code: string;
  /** What a person should know of it: lines. */
  readonly summary: readonly string[];
}

/**
 * Makes a user file of logs, or of recordings of a browser. `files` may hold `-` for standard input.
 *
 * @example const { code } = await importLogs(['access.log'], settings);
 */
export async function importLogs(files: readonly string[], settings: ImportSettings): Promise<Imported> {
  const traffic = new Traffic(settings);
  const hars: Har[] = [];
  const { keepAssets, hosts } = settings;
  const isWanted = (method: string, path: string): boolean => traffic.isWanted(method, path);
  const read = await readLogs(files, settings.format, {
    onHit: (hit) => traffic.add(hit),
    onHar: (text, file) => hars.push(harOf(text, file, { keepAssets, hosts, isWanted })),
  });
  if (hars.length === 0) return ofTraffic(traffic, read, settings);
  if (hars.length < read.length) {
    throw new UsageError(
      'recordings of a browser (HAR) and logs make different files; import them one after the other',
    );
  }
  return ofHars(hars, settings);
}

function ofTraffic(traffic: Traffic, read: readonly ReadFile[], settings: ImportSettings): Imported {
  if (traffic.requests === 0) throw new UsageError(whyEmpty(traffic, read));
  const recording = traffic.recording();
  const { requests, sessions, firstAt, lastAt } = traffic;
  const from = `${new Date(firstAt).toISOString().slice(0, 19)}Z`;
  const to = `${new Date(lastAt).toISOString().slice(0, 19)}Z`;
  const origin = [
    `Made by: ${settings.commandLine}`,
    `From ${requests} requests in ${sessions.count} sessions, ${from} to ${to}. Edit what you like.`,
  ];
  const code = userFile(recording, { origin, host: settings.host, hasRedirects: traffic.redirects > 0 });
  return { code, summary: logSummary(traffic, recording, read) };
}

function ofHars(hars: readonly Har[], settings: ImportSettings): Imported {
  const visits = visitsOf(hars, settings.distinct);
  const empty = hars.find(({ requests }) => requests.length === 0);
  if (empty !== undefined) throw new UsageError(`${empty.file}: no request is left; look at --include and --exclude`);
  const origin = [`Made by: ${settings.commandLine}`, 'Edit what you like.'];
  const hasRedirects = hars.some(({ requests }) => requests.some(({ status }) => status >= 300 && status < 400));
  const code = visitFile(visits, { origin, host: settings.host, hasRedirects });
  return { code, summary: harSummary(visits) };
}

function whyEmpty({ leftOut }: Traffic, read: readonly ReadFile[]): string {
  const lines = read.reduce((sum, file) => sum + file.lines, 0);
  const [first] = read.flatMap(({ file, firstBad }) => (firstBad === undefined ? [] : [{ file, ...firstBad }]));
  const out = leftOut.assets + leftOut.excluded + leftOut.methods + leftOut.missing;
  if (lines === 0) return `there is nothing in ${read.map(({ file }) => file).join(', ')}`;
  if (first === undefined || out > 0) {
    return `no request of ${lines} lines is left: ${leftOut.assets} static assets, ${leftOut.excluded} by --include or --exclude, ${leftOut.methods} by --methods, ${leftOut.missing} not found`;
  }
  return `none of ${lines} lines could be read; ${first.file}:${first.number}: ${first.reason}. Known are common and combined access logs, JSON lines and HAR (--format)`;
}
