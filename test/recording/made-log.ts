// Access logs with lines made by hand, or by chance from a known distribution.
import { steadyChance } from '../../src/recording/chance.ts';
import type { ImportSettings } from '../../src/recording/import.ts';

/** What the command has when nothing is told. */
export const settings: ImportSettings = {
  methods: new Set(),
  keepAssets: false,
  sessionGap: 1800,
  distinct: 50,
  values: 200,
  names: 200,
  hosts: [],
  commandLine: 'katydid import access.log',
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/** A line of an access log. `seconds` since the epoch. */
export function logLine(
  seconds: number,
  request: string,
  status = 200,
  client = '10.0.0.1',
  agent = 'Firefox',
): string {
  const at = new Date(Math.floor(seconds) * 1000);
  const day = `${two(at.getUTCDate())}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${client} - - [${day}:${clock} +0000] "${request} HTTP/1.1" ${status} 512 "-" "${agent}"`;
}

/** 2026-05-12 10:00 UTC. */
export const begin = 1_778_580_000;

/** A request of the made traffic: its kind, and what the client sends. */
interface Made {
  readonly kind: string;
  readonly line: string;
}

/** The traffic of a shop: kinds of requests in a known distribution, pauses that are log-normal. */
export interface MadeTraffic {
  readonly lines: readonly string[];
  /** Kind → how often. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Seconds, each one that was made. */
  readonly pauses: readonly number[];
}

/** What a request is, by method and path; told without the code under test. */
export function kindOf(method: string, url: string): string {
  const path = url.split('?')[0] ?? '';
  return `${method} ${path.replace(/\d+/g, '#').replace(/^\/articles\/.+/, '/articles/#')}`;
}

export function madeTraffic(clients: number, requests: number, median = 4): MadeTraffic {
  const chance = steadyChance(7);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  const zipf = (most: number): number => Math.min(most, Math.floor(1 / (1 - chance()) ** 0.8));
  const one = (request: string): Made => ({ kind: kindOf(...(request.split(' ') as [string, string])), line: request });
  const begun = (): Made[] => {
    const pick = chance();
    if (pick < 0.3) return [one('GET /')];
    if (pick < 0.6) return [one(`GET /products/${zipf(400)}`)];
    if (pick < 0.75) return [one(`GET /search?q=${['hat', 'blue%20shoes', '%C3%A4'][zipf(3) - 1]}&page=${zipf(3)}`)];
    if (pick < 0.85) return [one(`GET /articles/how-to-wear-hat-${zipf(90)}`)];
    if (pick < 0.9) return [one(`PUT /users/${zipf(50)}/settings`)];
    return [one('POST /login'), one('GET /cart'), one(`POST /cart/${zipf(30)}/pay`)];
  };
  const made: { readonly at: number; readonly line: string }[] = [];
  const kinds = new Map<string, number>();
  const pauses: number[] = [];
  for (let client = 0; client < clients; client++) {
    let at = begin + chance() * 600;
    for (let count = 0; count < requests / clients; ) {
      for (const { kind, line } of begun()) {
        const status = kind === 'POST /login' ? 302 : 200;
        made.push({ at, line: logLine(at, line, status, `10.0.${client >> 8}.${client & 255}`) });
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        const pause = median * Math.exp(0.8 * normal());
        pauses.push(pause);
        at += pause;
        count++;
      }
    }
  }
  const lines = made.sort((a, b) => a.at - b.at).map(({ line }) => line);
  return { lines, kinds, pauses };
}
