import type { Limits } from './best-mark.ts';
import type { Scale } from './mark.ts';

/** How to get at a master's web API. */
export interface MasterSettings {
  /** With its base path: `https://load.example/locust`. */
  readonly url: string;
  /** `form` posts them to `loginPath` and keeps the cookie; `basic` sends them with each request. */
  readonly login?: {
    readonly kind: 'basic' | 'form';
    readonly username: string;
    readonly password: string;
    readonly path: string;
  };
  /** Sent with each request: a cookie, a token. */
  readonly headers: Readonly<Record<string, string>>;
  /** Path of the certificate of who signed the master's own. */
  readonly ca?: string;
  /** Whether its certificate is taken unseen. */
  readonly isInsecure: boolean;
}

/** What is done for each scale, before its marks. */
export interface ScaleSettings {
  readonly values: readonly Scale[];
  /** `docker compose up -d --scale model={scale}` */
  readonly command?: string;
  /** A URL that must answer, or a command that must succeed. */
  readonly ready?: string;
  /** Seconds. */
  readonly readyTimeout: number;
  readonly pause: number;
  /** Run at the end of the study. */
  readonly down?: string;
}

/** One row of the matrix: all combinations of its lists. */
export interface MatrixRow {
  /** All scales if not given. */
  readonly scales?: readonly Scale[];
  readonly users: readonly number[];
  readonly spawnRates: readonly number[];
  /** Measured, in seconds. */
  readonly duration: number;
}

export interface GateSettings {
  /** Percent of CPU of a generator from which it is saturated. */
  readonly cpu: number;
  /** ms in which a generator's event loop may be late. */
  readonly lag: number;
  /** Part of 1 by which repeats may differ from their mean. */
  readonly spread: number;
  /** Attempts at a mark that is disturbed. */
  readonly tries: number;
  /** Workers that there must be; any number if not given. */
  readonly workers?: number;
}

/** Which users are run, and against what. */
export interface Variant {
  readonly host: string | null;
  /** All that there are, if none is named. */
  readonly userClasses: readonly string[];
  /** Further options of the users, by their names on the master's form. */
  readonly options: Readonly<Record<string, string>>;
}

/** A study as it was asked for; checked. Times in seconds. */
export interface StudySettings extends Variant {
  readonly name: string;
  /** null: without a master, on this machine. */
  readonly master: MasterSettings | null;
  readonly locustfile: string | null;
  readonly processes: number;
  /** By names, which are the values of `scale` then; what one leaves out is as in the whole study. */
  readonly variants?: Readonly<Record<string, Partial<Variant>>>;
  readonly scale: ScaleSettings;
  readonly marks: readonly MatrixRow[];
  readonly repeats: number;
  /** With the first row's fewest users, once for each scale; not measured. */
  readonly warmUp: number;
  /** With all users, before measuring; up to three times as long until percentiles are steady. */
  readonly settle: number;
  /** After each mark. */
  readonly drain: number;
  readonly limits: Limits;
  readonly gates: GateSettings;
  /** Between two requests of a user, if that is known. */
  readonly wait?: number;
  /** What becomes of the study when the target is dead. */
  readonly whenDead: 'go on' | 'stop';
}

export const usualGates: GateSettings = { cpu: 90, lag: 500, spread: 0.15, tries: 2 };
export const usualLimits: Limits = { failRatio: 0.01 };
/** Of a study without scales. */
export const oneScale: ScaleSettings = { values: [1], readyTimeout: 60, pause: 0 };
export const usualTimes: Pick<StudySettings, 'warmUp' | 'settle' | 'drain'> = { warmUp: 5, settle: 5, drain: 1 };
