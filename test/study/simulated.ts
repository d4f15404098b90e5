// Closed systems of known capacity, played request by request: users wait, ask, wait in line, are served.
import { Dice } from '../../src/study/dice.ts';
import type { Mark } from '../../src/study/mark.ts';

/** One place where requests wait in line: so many at a time, exponentially distributed seconds each. */
export interface Stage {
  /** `Infinity`: nobody waits. */
  readonly servers: number;
  readonly seconds: number;
}

export interface SimulatedSystem {
  /** Mean seconds of a user between two requests. */
  readonly wait: number;
  readonly stages: readonly Stage[];
  /** With more users than this, each service takes so many times longer: memory that is no longer there. */
  readonly cliff?: { readonly users: number; readonly factor: number };
  /** Deviation of a whole mark, as part of 1. */
  readonly noise?: number;
  /** Requests that took longer have failed; seconds. */
  readonly timeout?: number;
}

export interface SimulatedMark {
  readonly users: number;
  readonly seconds: number;
  readonly seed: number;
  readonly scale?: number;
  readonly repeat?: number;
}

interface Arrival {
  readonly time: number;
  readonly stage: number;
  readonly began: number;
}

/** Plays one mark; what happens in the first fifth is not measured. */
export function simulate(
  system: SimulatedSystem,
  { users, seconds, seed, scale = 1, repeat = 1 }: SimulatedMark,
): Mark {
  const dice = new Dice(seed * 7919 + users * 31 + repeat);
  const exponential = (mean: number): number => (mean === 0 ? 0 : -mean * Math.log(1 - dice.next()));
  const slow = system.cliff !== undefined && users > system.cliff.users ? system.cliff.factor : 1;
  const mood = 1 + (system.noise ?? 0) * dice.normal();
  const free = system.stages.map(({ servers }) => (Number.isFinite(servers) ? new Array<number>(servers).fill(0) : []));
  const queue = new Heap();
  for (let user = 0; user < users; user++) queue.push({ time: exponential(system.wait), stage: 0, began: -1 });
  const begin = seconds / 5;
  const end = begin + seconds;
  const times: number[] = [];
  const parts = [0, 0, 0, 0, 0];
  let failures = 0;
  for (let next = queue.pop(); next !== undefined && next.time < end; next = queue.pop()) {
    const { time, stage } = next;
    const began = stage === 0 ? time : next.began;
    const place = system.stages[stage];
    if (place === undefined) {
      if (time >= begin) {
        times.push((time - began) * 1000);
        if (time - began > (system.timeout ?? Number.POSITIVE_INFINITY)) failures++;
        const part = Math.floor(((time - begin) / seconds) * 5);
        parts[part] = (parts[part] ?? 0) + 1;
      }
      queue.push({ time: time + exponential(system.wait), stage: 0, began: -1 });
      continue;
    }
    const service = (exponential(place.seconds) * slow) / mood;
    const servers = free[stage] ?? [];
    const first = servers.indexOf(Math.min(...servers));
    const start = Number.isFinite(place.servers) ? Math.max(time, servers[first] ?? 0) : time;
    if (Number.isFinite(place.servers)) servers[first] = start + service;
    queue.push({ time: start + service, stage: stage + 1, began });
  }
  return markOf(times, parts, failures, { scale, users, seconds, repeat });
}

type Place = Pick<Mark, 'scale' | 'users' | 'seconds' | 'repeat'>;

function markOf(times: number[], parts: readonly number[], failures: number, place: Place): Mark {
  times.sort((a, b) => a - b);
  const at = (part: number): number | null => times[Math.floor(times.length * part)] ?? null;
  const rates = parts.map((count) => (count * 5) / place.seconds);
  const rps = times.length / place.seconds;
  const off = rates.reduce((sum, rate) => sum + (rate - rps) ** 2, 0);
  return made({
    ...place,
    requests: times.length,
    failures,
    rps,
    failuresPerSecond: failures / place.seconds,
    rpsError: Math.sqrt(off / 4 / 5),
    average: times.reduce((sum, time) => sum + time, 0) / times.length,
    median: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    errors: failures === 0 ? [] : [{ method: 'POST', name: '/', message: 'TimeoutError()', count: failures }],
  });
}

/** A mark with what is given, in which nothing else is out of the ordinary. */
export function made(given: Partial<Mark>): Mark {
  const { users = 1, rps = 1, seconds = 30 } = given;
  return {
    ...{ scale: 1, users, spawnRate: 1, repeat: 1, attempt: 1, startTime: 1_700_000_000, seconds },
    ...{ requests: Math.round(rps * seconds), failures: 0, rps, failuresPerSecond: 0, rpsError: rps / 100 },
    ...{ average: 100, median: 90, p95: 200, p99: 300, errors: [], cpu: 20, lag: 5, workers: 1, disturbances: [] },
    ...given,
  };
}

/** The earliest first. */
class Heap {
  readonly #items: Arrival[] = [];

  push(item: Arrival): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = items[up];
      if (parent === undefined || parent.time <= item.time) break;
      items[at] = parent;
      at = up;
    }
    items[at] = item;
  }

  pop(): Arrival | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [items[child], items[child + 1]];
      if (left === undefined) break;
      const least = right !== undefined && right.time < left.time ? right : left;
      if (least !== left) child++;
      if (least.time >= last.time) break;
      items[at] = least;
      at = child;
    }
    items[at] = last;
    return top;
  }
}
