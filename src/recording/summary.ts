import { commented, counted } from './code.ts';
import type { ReadFile } from './reading.ts';
import type { Recording } from './recording.ts';
import type { Traffic } from './traffic.ts';
import type { Visit } from './visit.ts';

const formats = { access: 'access log', json: 'JSON lines', har: 'HAR' } as const;
const mostNames = 15;

/** A fact with its heading, as a line. */
const line = (heading: string, text: string): string => `${heading.padEnd(10)} ${text}`;

/** What was read, what was left out, what is in the file, and how many users are the peak. */
export function logSummary(traffic: Traffic, recording: Recording, read: readonly ReadFile[]): string[] {
  return [
    ...read.flatMap(readLines),
    ...leftOutLines(traffic, recording),
    ...trafficLines(traffic, recording),
    ...nameLines(recording),
    ...recording.sequences.map(({ calls, weight }) =>
      line('in order', `${calls.map(({ method, name }) => `${method} ${name}`).join(' → ')}, ${counted(weight)} times`),
    ),
  ].map(commented);
}

function readLines({ file, format, lines, skipped, firstBad, fields, broken }: ReadFile): string[] {
  const name = file === '-' ? 'standard input' : file;
  return [
    line('read', `${counted(lines)} lines of ${name} (${formats[format]})`),
    ...(fields === '' ? [] : [line('fields', fields)]),
    ...(broken === undefined ? [] : [line('broken', `${name} ends too early: ${broken}`)]),
    ...(firstBad === undefined
      ? []
      : [
          line(
            'skipped',
            `${counted(skipped)} lines, the first is ${name}:${firstBad.number}, with ${firstBad.reason}: ${cut(firstBad.text)}`,
          ),
        ]),
  ];
}

function leftOutLines({ leftOut, sessions }: Traffic, { rare }: Recording): string[] {
  const { assets, excluded, methods, missing, missingExample, crowded } = leftOut;
  const said: readonly (readonly [count: number, what: string])[] = [
    [assets, 'static assets (--assets keeps them)'],
    [excluded, 'by --include or --exclude'],
    [methods, 'by --methods'],
    [
      missing,
      `not found (404), at paths where nothing else was found before, such as ${cut(missingExample.replaceAll('\0', '…'))}`,
    ],
    [crowded, 'at paths too deep or too many'],
    [rare.requests, `the ${counted(rare.names)} rarest names (--names takes more)`],
  ];
  return [
    ...said
      .filter(([count]) => count > 0)
      .map(([count, what]) => line('left out', `${counted(count)} requests: ${what}`)),
    ...(sessions.cut > 0
      ? [line('cut', `${counted(sessions.cut)} sessions at most: more clients came at once than are remembered`)]
      : []),
  ];
}

function trafficLines(traffic: Traffic, { pauses }: Recording): string[] {
  const { requests, sessions, statuses, firstAt, lastAt, took } = traffic;
  const seconds = Math.max(1, (lastAt - firstAt) / 1000);
  const { at, rate } = traffic.peak();
  const answers = ['unknown', '1xx', '2xx', '3xx', '4xx', '5xx'].flatMap((name, group) => {
    const count = statuses[group] ?? 0;
    return count === 0 ? [] : [`${name} ${((100 * count) / requests).toFixed(1)} %`];
  });
  // One user makes a request each time it has paused and got its answer.
  const turn = pauses.mean + took / requests / 1000;
  const users = (perSecond: number): string =>
    pauses.count === 0 ? '' : ` (-u ${Math.max(1, Math.round(perSecond * turn))})`;
  const minute = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return [
    line(
      'traffic',
      `${counted(requests)} requests in ${duration(seconds)}, ${counted(sessions.count)} sessions of ${(requests / sessions.count).toFixed(1)} requests`,
    ),
    line('answers', answers.join(', ')),
    ...(pauses.count === 0
      ? [line('pauses', 'none: no client came twice within a session')]
      : [
          line(
            'pauses',
            `${[0.1, 0.5, 0.9, 0.99].map((share) => `p${share * 100} ${time(pauses.quantile(share))}`).join(', ')}, mean ${time(pauses.mean)}`,
          ),
        ]),
    line(
      'rate',
      `${perSecond(requests / seconds)} in the mean${users(requests / seconds)}, ${perSecond(rate)} in the busiest minute, ${minute} UTC${users(rate)}`,
    ),
  ];
}

function nameLines({ calls }: Recording): string[] {
  const requests = calls.reduce((sum, { endpoint }) => sum + endpoint.hits, 0);
  const shown = calls.slice(0, mostNames).map(({ method, name, endpoint }) => {
    const share = ((100 * endpoint.hits) / requests).toFixed(1).padStart(5);
    return `${share} %  ${method} ${name}`;
  });
  const more = calls.length - shown.length;
  const personal = calls.filter(({ rows }) => rows.some(({ values }) => values.some((value) => /@|%40/.test(value))));
  return [
    line('names', String(calls.length)),
    ...shown,
    ...(more > 0 ? [`   …     ${counted(more)} more`] : []),
    ...personal.map(({ method, name }) => line('look', `values of ${method} ${name} hold addresses of mailboxes`)),
  ];
}

/** What was recorded of a browser, and what was left out. */
export function harSummary(visits: readonly Visit[]): string[] {
  return visits
    .flatMap(({ har, steps }) => {
      const { hosts, assets, filtered, unanswered } = har.leftOut;
      const thinks = steps.slice(0, -1).map(({ think }) => time(think));
      const others = [...hosts].sort(([, one], [, other]) => other - one).map(([host, count]) => `${host} (${count})`);
      return [
        line(
          'read',
          `${counted(har.requests.length)} requests of ${har.site} in ${steps.length} steps from ${har.file} (HAR)`,
        ),
        ...(others.length === 0
          ? []
          : [line('left out', `other hosts: ${others.join(', ')} (--hosts keeps those it names)`)]),
        ...(assets === 0 ? [] : [line('left out', `${assets} static assets (--assets keeps them)`)]),
        ...(filtered === 0 ? [] : [line('left out', `${filtered} by --include, --exclude or --methods`)]),
        ...(unanswered === 0 ? [] : [line('left out', `${unanswered} preflights, answers that never came, no HTTP`)]),
        line('pauses', thinks.length === 0 ? 'none: one step' : thinks.join(', ')),
        ...steps.map(
          ({ visited, title }) =>
            `  ${visited.map(({ call }) => `${call.method} ${call.name}`).join(', ')}${title === '' ? '' : ` (${title})`}`,
        ),
      ];
    })
    .map(commented);
}

const cut = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
const perSecond = (rate: number): string => `${Number(rate.toPrecision(3))} requests/s`;

/** `250 ms`, `3.4 s`, `12 min`. */
function time(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 120 ? `${Number(seconds.toPrecision(2))} s` : `${Math.round(seconds / 60)} min`;
}

/** `40 s`, `12 min`, `3.2 h`, `12 days`. */
function duration(seconds: number): string {
  if (seconds < 7200) return time(seconds);
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}
