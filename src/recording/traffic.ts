import { steadyChance } from './chance.ts';
import { isMissing } from './endpoint.ts';
import type { Hit } from './hit.ts';
import { PathTree } from './path-tree.ts';
import { type Recording, recordingOf } from './recording.ts';
import { isAsset } from './segment.ts';
import { Sessions } from './sessions.ts';
import { decoded, targetOf } from './target.ts';

export interface TrafficSettings {
  /** Paths that count, and paths that do not. */
  readonly include?: RegExp | undefined;
  readonly exclude?: RegExp | undefined;
  /** In capitals; all if empty. */
  readonly methods: ReadonlySet<string>;
  readonly keepAssets: boolean;
  /** After so much silence a client begins a new session; seconds. */
  readonly sessionGap: number;
  readonly distinct: number;
  readonly values: number;
  /** How many names at most. */
  readonly names: number;
  /** How many clients are remembered at once. */
  readonly clients?: number;
}

const mostMinutes = 1_000_000;

/** What was left out, and why. */
export interface LeftOut {
  assets: number;
  excluded: number;
  methods: number;
  /** Answered with "not found" at a path that had no other answer before. */
  missing: number;
  missingExample: string;
  /** Endpoints that found no more room. */
  crowded: number;
}

/** All requests of the logs, as far as they are remembered. */
export class Traffic {
  readonly #settings: TrafficSettings;
  readonly #tree: PathTree;
  readonly sessions: Sessions;
  readonly leftOut: LeftOut = { assets: 0, excluded: 0, methods: 0, missing: 0, missingExample: '', crowded: 0 };
  /** Requests that count. */
  requests = 0;
  redirects = 0;
  /** Answers by the first digit of their status. */
  readonly statuses: number[] = [0, 0, 0, 0, 0, 0];
  /** Epoch ms. */
  firstAt: number = Number.POSITIVE_INFINITY;
  lastAt: number = Number.NEGATIVE_INFINITY;
  /** Sum of the times that requests took, ms. */
  took = 0;
  /** Minute since the epoch → requests. */
  readonly #minutes = new Map<number, number>();

  constructor(settings: TrafficSettings) {
    this.#settings = settings;
    const { distinct, values, sessionGap, clients = 200_000 } = settings;
    this.#tree = new PathTree({ distinct, values, chance: steadyChance() });
    this.sessions = new Sessions({ gap: sessionGap * 1000, clients });
  }

  /** Takes a request in; why it is none, if it is none. */
  add(hit: Hit): string | undefined {
    const target = targetOf(hit.target);
    if (target === undefined) return 'a target that is no path';
    const { path, query } = target;
    const { leftOut } = this;
    if (!this.isWanted(hit.method, path)) return undefined;
    if (!this.#settings.keepAssets && isAsset(path)) {
      leftOut.assets++;
      return undefined;
    }
    const endpoint = this.#tree.endpointOf(hit.method, target, !isMissing(hit.status));
    if (endpoint === undefined) {
      if (!isMissing(hit.status)) leftOut.crowded++;
      else if (leftOut.missing++ === 0) leftOut.missingExample = path;
      return undefined;
    }
    const took = hit.endedAt - hit.startedAt;
    endpoint.add(hit.status, query === '' ? path : `${path}?${query}`, took);
    this.sessions.add(hit.client, endpoint.id, hit.startedAt, hit.endedAt);
    this.#count(hit, took);
    return undefined;
  }

  /** The busiest minute: epoch ms of its begin, and requests a second in it. */
  peak(): { readonly at: number; readonly rate: number } {
    let best: readonly [number, number] = [0, 0];
    for (const minute of this.#minutes) if (minute[1] > best[1]) best = minute;
    return { at: best[0] * 60_000, rate: best[1] / Math.min(60, Math.max(1, (this.lastAt - this.firstAt) / 1000)) };
  }

  recording(): Recording {
    return recordingOf(this.#tree, this.sessions, this.#settings.names);
  }

  /** Whether the filters let it through; counts it if they do not. */
  isWanted(method: string, path: string): boolean {
    const { include, exclude, methods } = this.#settings;
    const { leftOut } = this;
    if (methods.size > 0 && !methods.has(method)) leftOut.methods++;
    else if (exclude?.test(decoded(path)) === true || include?.test(decoded(path)) === false) leftOut.excluded++;
    else return true;
    return false;
  }

  #count({ status, startedAt, endedAt }: Hit, took: number): void {
    this.requests++;
    this.took += took;
    const first = Math.floor(status / 100);
    const group = first >= 1 && first <= 5 ? first : 0;
    this.statuses[group] = (this.statuses[group] ?? 0) + 1;
    if (group === 3 && status !== 304) this.redirects++;
    this.firstAt = Math.min(this.firstAt, startedAt);
    this.lastAt = Math.max(this.lastAt, endedAt);
    const minute = Math.floor(endedAt / 60_000);
    if (this.#minutes.size < mostMinutes) this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
  }
}
