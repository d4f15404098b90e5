import type { Reading, WorkerReading } from './driver.ts';
import type { Level } from './level.ts';
import type { Disturbance } from './mark.ts';
import type { GateSettings } from './settings.ts';

/** So much of a mark a generator may be busy by chance. */
const shortPart = 0.2;
/** Fewer requests are no measurement. */
const fewest = 5;

/** Why a mark cannot be taken at its word, from all that was read while it was measured. */
export function disturbancesOf(
  readings: readonly Reading[],
  users: number,
  gates: GateSettings,
): readonly Disturbance[] {
  return [
    ...workersOf(readings, gates),
    ...generatorOf(readings, gates),
    ...usersOf(readings, users),
    ...dataOf(readings),
  ];
}

/** Why the repeats of a level cannot be taken for one. */
export function spreadOf({ marks, rps }: Level, { spread }: Pick<GateSettings, 'spread'>): Disturbance | null {
  if (marks.length < 2 || rps <= 0) return null;
  const widest = Math.max(...marks.map((mark) => Math.abs(mark.rps / rps - 1)));
  if (widest <= spread) return null;
  const rates = marks.map((mark) => mark.rps.toPrecision(3)).join(', ');
  return {
    kind: 'spread',
    text: `repeats differ by up to ${(widest * 100).toFixed(0)} % from their mean (${rates} rps)`,
  };
}

/** A master shows for ever those that it has lost, with what they said last. */
export function isThere({ state }: WorkerReading): boolean {
  return state !== 'missing';
}

function workersOf(readings: readonly Reading[], { workers: wanted }: GateSettings): readonly Disturbance[] {
  const seen = readings.map(({ workers }) => workers.filter(isThere).map(({ id }) => id));
  const first = seen[0] ?? [];
  const told: Disturbance[] = [];
  const left = first.filter((id) => seen.some((ids) => !ids.includes(id)));
  const come = [...new Set(seen.flat())].filter((id) => !first.includes(id));
  const say = (ids: readonly string[], did: string): void => {
    if (ids.length > 0)
      told.push({
        kind: 'workers',
        text: `${count(ids.length, 'worker')} ${did} while it was measured (${ids.join(', ')})`,
      });
  };
  say(left, 'left');
  say(come, 'came');
  const fewestSeen = Math.min(...seen.map((ids) => ids.length));
  if (wanted !== undefined && seen.length > 0 && fewestSeen < wanted) {
    told.push({ kind: 'workers', text: `${count(fewestSeen, 'worker')} where ${wanted} are wanted` });
  }
  return told;
}

function generatorOf(readings: readonly Reading[], gates: GateSettings): readonly Disturbance[] {
  const told: Disturbance[] = [];
  const cpus = readings.map(({ workers }) => Math.max(0, ...workers.filter(isThere).map(({ cpu }) => cpu)));
  const busy = cpus.filter((cpu) => cpu > gates.cpu).length / Math.max(1, cpus.length);
  if (busy > shortPart) {
    told.push({
      kind: 'generator',
      text: `a generator used more than ${gates.cpu} % CPU for ${(busy * 100).toFixed(0)} % of the time, up to ${Math.max(...cpus).toFixed(0)} %`,
    });
  }
  const lags = readings.flatMap(({ lag }) => lag ?? []);
  const late = lags.filter((lag) => lag > gates.lag).length / Math.max(1, lags.length);
  if (late > shortPart) {
    told.push({ kind: 'generator', text: `the generator's loop was up to ${Math.max(...lags).toFixed(0)} ms late` });
  }
  return told;
}

function usersOf(readings: readonly Reading[], users: number): readonly Disturbance[] {
  const counts = readings.map((reading) => reading.users);
  const off = counts.filter((running) => running !== users);
  // A user that ends by itself and comes back is seen now and then.
  if (off.length <= shortPart * counts.length) return [];
  return [
    { kind: 'users', text: `${Math.min(...counts)} to ${Math.max(...counts)} users ran where ${users} were wanted` },
  ];
}

/** Rates are differences of two readings: what was told at once at the end is none. */
function dataOf(readings: readonly Reading[]): readonly Disturbance[] {
  const told = readings.filter(({ requests }) => requests > 0);
  const requests = (told.at(-1)?.requests ?? 0) - (told[0]?.requests ?? 0);
  const isReset = readings.some((reading, at) => reading.requests < (readings[at - 1]?.requests ?? 0));
  if (isReset) return [{ kind: 'data', text: 'somebody reset the statistics while it was measured' }];
  if (requests >= fewest) return [];
  return [{ kind: 'data', text: `only ${count(requests, 'request')} between the first report and the last` }];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
