import { log } from '../log.ts';
import type { WorkerMessage } from '../protocol/message.ts';
import type { Pool } from '../swarm/pool.ts';
import { sumOfCounts } from '../swarm/split.ts';
import { Saturation } from './saturation.ts';
import { cpuWarning, cpuWarningPercent, type Usage, UsageMonitor } from './usage.ts';

/** Locust's intervals; none of them can be configured. */
const heartbeatMilliseconds = 1000;
const statsMilliseconds = 3000;
const logsMilliseconds = 10_000;
const usageMilliseconds = 10_000;

export interface ReporterSettings {
  readonly threads: number;
  /** The log lines for the Logs tab, if there are new ones. */
  readonly takeLogs: () => readonly string[] | undefined;
}

/** What the reporter needs of its runner. */
export interface ReportSource {
  readonly send: (message: WorkerMessage, isDroppable?: boolean) => void;
  readonly state: () => 'ready' | 'spawning' | 'running';
  /** Whether the master knows this worker; if not, nothing is said. */
  readonly isConnected: () => boolean;
  /** Tells the Exceptions tab of the web UI. */
  readonly warn: (message: string) => void;
}

/** All that is told to the master at its times: heartbeats, statistics, log lines. */
export class Reporter {
  readonly #pool: Pool;
  readonly #source: ReportSource;
  readonly #settings: ReporterSettings;
  readonly #monitor: UsageMonitor;
  readonly #saturation = new Saturation();
  readonly #timers: NodeJS.Timeout[] = [];
  heartbeatsSent = 0;
  /** Those that the master answered. */
  heartbeatsReceived = 0;
  #usage: Usage = { cpu: 0, memory: process.memoryUsage.rss(), lag: 0 };
  #nextStats: NodeJS.Timeout | undefined;
  #isEnded = false;
  #hasWarned = false;
  #masterAnswers = false;

  constructor(pool: Pool, settings: ReporterSettings, source: ReportSource) {
    this.#pool = pool;
    this.#settings = settings;
    this.#source = source;
    this.#monitor = new UsageMonitor(settings.threads);
  }

  /** Reports at once and from now on; `onBeat` is called each second. */
  begin(onBeat: () => void): void {
    this.#beat();
    void this.#reportStats();
    const beat = (): void => {
      onBeat();
      this.#beat();
    };
    this.#timers.push(setInterval(beat, heartbeatMilliseconds));
    this.#timers.push(setInterval(() => this.#sendLogs(), logsMilliseconds));
    this.#timers.push(setInterval(() => this.#sample(), usageMilliseconds));
  }

  /** The master answers a heartbeat: it is new enough (2.19) to be sent log lines without a warning each time. */
  masterAnswers(): void {
    this.heartbeatsReceived++;
    if (this.#masterAnswers) return;
    this.#masterAnswers = true;
    this.#sendLogs();
  }

  /** Sends what was measured since the last report. */
  async sendStats(): Promise<void> {
    const extra = await this.#pool.report();
    const userClassesCount = this.#pool.counts();
    const stats = this.#pool.takeStats();
    try {
      this.#source.send({ type: 'stats', stats, userClassesCount, userCount: sumOfCounts(userClassesCount), extra });
    } catch (thrown) {
      log.error(`what a reportToMaster listener added cannot be sent: ${(thrown as Error).message}`);
      this.#source.send({ type: 'stats', stats, userClassesCount, userCount: sumOfCounts(userClassesCount) });
    }
  }

  /** A new test begins: what is told once a test may be told again. */
  beginTest(): void {
    this.#saturation.forget();
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#nextStats);
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #reportStats(): Promise<void> {
    if (this.#isEnded) return;
    if (this.#source.isConnected()) await this.sendStats();
    if (!this.#isEnded) this.#nextStats = setTimeout(() => void this.#reportStats(), statsMilliseconds);
  }

  #beat(): void {
    this.#watchStrain();
    if (!this.#source.isConnected()) return;
    const { cpu, memory } = this.#usage;
    this.#source.send({ type: 'heartbeat', state: this.#source.state(), cpuUsage: cpu, memoryUsage: memory }, true);
    this.heartbeatsSent++;
    this.#pool.notify({ name: 'heartbeatSent', timestamp: Date.now() / 1000 });
  }

  #watchStrain(): void {
    const strain = this.#pool.takeStrain();
    const warning = this.#source.state() === 'ready' ? undefined : this.#saturation.add(strain);
    if (warning === undefined) return;
    log.warning(warning);
    this.#source.warn(warning);
  }

  #sendLogs(): void {
    if (!this.#source.isConnected() || !this.#masterAnswers) return;
    const lines = this.#settings.takeLogs();
    if (lines !== undefined) this.#source.send({ type: 'logs', lines });
  }

  #sample(): void {
    this.#usage = this.#monitor.sample();
    const { cpu, memory, lag } = this.#usage;
    const megabytes = Math.round(memory / 1024 / 1024);
    log.debug(`CPU ${cpu.toFixed(1)} %, memory ${megabytes} MB, main thread at most ${lag.toFixed(1)} ms late`);
    this.#pool.notify({ name: 'usageMonitor', cpuUsage: cpu, memoryUsage: memory });
    if (cpu <= cpuWarningPercent) return;
    this.#pool.notify({ name: 'cpuWarning', cpuUsage: cpu });
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    log.warning(cpuWarning(cpu));
  }
}
