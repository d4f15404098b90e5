import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../errors.ts';
import type { Driver } from './driver.ts';
import { kindsOf } from './failure-kind.ts';
import { isThere, spreadOf } from './gates.ts';
import type { Journal } from './journal.ts';
import { levelsOf } from './level.ts';
import { type Disturbance, isInterrupted, type Mark } from './mark.ts';
import { nameOf, people } from './phrases.ts';
import { extraOf, keysOf, type PlannedMark, type PlannedScale } from './plan.ts';
import { reasonOf } from './reason.ts';
import { isReady, ScalingError, scaleTo } from './scaling.ts';
import { type Attempt, Session } from './session.ts';
import type { StudySettings } from './settings.ts';

/** A master that was restarted has so many seconds to come back with its workers. */
const comeBackSeconds = 60;

/** Told while a study runs. */
export interface StudyListener {
  /** What is being done, for people; `mark` is the one that is measured. */
  onPhase(text: string, mark?: PlannedMark): void;
  onMark(planned: PlannedMark, mark: Mark): void;
  /** What went wrong without being the end. */
  onTrouble(text: string): void;
}

/** Runs a plan, mark by mark, and keeps what it measures in a journal. What the journal has already is not measured again. */
export class Study {
  readonly #settings: StudySettings;
  readonly #driver: Driver;
  readonly #journal: Journal;
  readonly #listener: StudyListener;
  readonly #signal: AbortSignal;
  readonly #second: number;
  #isOver = false;
  /** Whether workers that were waited for did not come back. */
  #isShort = false;

  /** `second`: ms of one, fewer in tests. */
  constructor(
    settings: StudySettings,
    driver: Driver,
    journal: Journal,
    listener: StudyListener,
    signal: AbortSignal,
    second: number = 1000,
  ) {
    this.#second = second;
    this.#settings = settings;
    this.#driver = driver;
    this.#journal = journal;
    this.#listener = listener;
    this.#signal = signal;
  }

  /** Resolves when all is measured, or the signal ended it. */
  async run(plan: readonly PlannedScale[]): Promise<void> {
    const keys = keysOf(plan, this.#settings);
    for (const planned of plan) {
      if (this.#isEnded) return;
      if (this.#leftOf(planned.marks).length + this.#extras(planned, keys).length === 0) continue;
      try {
        await this.#runScale(planned, keys);
      } catch (thrown) {
        if (this.#signal.aborted) return;
        if (!(thrown instanceof ScalingError)) throw thrown;
        this.#dead(thrown.message);
      }
    }
  }

  get #isEnded(): boolean {
    return this.#signal.aborted || this.#isOver;
  }

  /** An interrupted mark is none. */
  #isDone(key: string): boolean {
    const tries = this.#journal.marks.filter((kept) => kept.key === key && !isInterrupted(kept.mark));
    return tries.some(({ mark }) => mark.disturbances.length === 0) || tries.length >= this.#settings.gates.tries;
  }

  #leftOf(marks: readonly PlannedMark[]): readonly PlannedMark[] {
    return marks.filter(({ key }) => !this.#isDone(key));
  }

  async #runScale(planned: PlannedScale, keys: ReadonlySet<string>): Promise<void> {
    const { warmUp, scale: scaling } = this.#settings;
    const { scale, marks } = planned;
    if (scaling.command !== undefined || scaling.ready !== undefined) this.#listener.onPhase(`scaling to ${scale}`);
    await scaleTo(scale, scaling, this.#signal);
    const left = this.#leftOf(marks);
    const [first] = left.length > 0 ? left : marks;
    if (warmUp > 0 && first !== undefined) {
      this.#listener.onPhase('warming up');
      await this.#warmUp(first, warmUp);
    }
    for (const mark of left) if (!(await this.#runMark(mark))) return;
    for (const mark of this.#extras(planned, keys)) if (!(await this.#runMark(mark))) return;
  }

  /** One repeat more of what differs too much, unless it is measured already. */
  #extras({ scale, marks }: PlannedScale, keys: ReadonlySet<string>): readonly PlannedMark[] {
    const { repeats, gates } = this.#settings;
    if (repeats < 2 || gates.tries < 2) return [];
    const kept = this.#journal.marks.filter(({ key }) => keys.has(key));
    const levels = levelsOf(
      kept.map(({ mark }) => mark),
      scale,
    );
    const wide = new Set(levels.filter((level) => spreadOf(level, gates) !== null).map(({ users }) => users));
    const last = marks.filter(({ users, repeat }) => repeat === repeats && wide.has(users));
    return this.#leftOf(last.map((mark) => extraOf(mark, repeats)));
  }

  /** Again if it was disturbed. False if there is no use in going on at this scale. */
  async #runMark(planned: PlannedMark): Promise<boolean> {
    const { tries } = this.#settings.gates;
    const before = this.#journal.marks.filter(({ key, mark }) => key === planned.key && !isInterrupted(mark)).length;
    for (let attempt = before + 1; attempt <= Math.max(tries, before + 1); attempt++) {
      if (this.#isEnded) return false;
      const measured = await this.#session(planned).measure(planned, attempt);
      if (measured === null) return false;
      const { mark, isDead } = await this.#judged(measured);
      this.#journal.keepMark({ key: planned.key, mark });
      this.#listener.onMark(planned, mark);
      if (isDead) {
        this.#dead(`the system under test is dead at ${nameOf(planned.scale)}, with ${people(planned.users)}`);
        return false;
      }
      if (mark.disturbances.length === 0 || isInterrupted(mark)) return !this.#isEnded;
      if (mark.disturbances.some(({ kind }) => kind === 'data' || kind === 'workers')) await this.#untilBack();
    }
    return !this.#isEnded;
  }

  /** What goes wrong with it is found by the mark that comes next, but for what a person must change. */
  async #warmUp(load: PlannedMark, seconds: number): Promise<void> {
    try {
      await this.#session(load).warmUp(load, seconds);
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown;
      await this.#untilBack();
    }
  }

  #session(planned: PlannedMark): Session {
    const { scale, users } = planned;
    const listener = {
      onPhase: (phase: string): void => this.#listener.onPhase(`${nameOf(scale)}, ${people(users)}: ${phase}`, planned),
      onSample: this.#journal.keepSample.bind(this.#journal),
    };
    return new Session(this.#driver, this.#settings, listener, this.#signal, this.#second);
  }

  /** A master that was restarted comes back without being told; its workers follow, as one that left may. */
  async #untilBack(): Promise<void> {
    const due = performance.now() + comeBackSeconds * this.#second;
    const wanted = this.#isShort ? 1 : Math.max(...this.#journal.marks.slice(-2).map(({ mark }) => mark.workers), 1);
    while (!this.#signal.aborted) {
      let reason: string | undefined;
      try {
        // Users of the attempt that went wrong may still run.
        await this.#driver.stop((what) => this.#listener.onPhase(`waiting for ${what}`));
        await this.#driver.open();
        const { workers } = await this.#driver.read();
        if (workers.filter(isThere).length >= wanted) return;
        this.#listener.onPhase(`waiting for ${wanted} workers`);
      } catch (thrown) {
        reason = reasonOf(thrown);
        this.#listener.onPhase(`waiting: ${reason}`);
      }
      if (performance.now() > due) {
        if (reason !== undefined) throw new UsageError(reason);
        this.#isShort = true;
        return;
      }
      await delay(this.#second, undefined, { signal: this.#signal }).catch(() => {});
    }
  }

  /** Dead is what answers nothing in all of a mark, and is not ready any more. What just fell silent gets another try. */
  async #judged({ mark, isFailingAtEnd }: Attempt): Promise<{ readonly mark: Mark; readonly isDead: boolean }> {
    const isGone = isFailingAtEnd && (await this.#isGone(mark));
    // Who is told to end hears no answer, which says nothing of the system.
    if (!isGone || this.#signal.aborted) return { mark, isDead: false };
    const isDead = mark.requests > 0 && mark.failures === mark.requests;
    const text = isDead
      ? 'no request was answered: the system under test is dead'
      : 'in the end no request was answered';
    const disturbances: readonly Disturbance[] = [...mark.disturbances, { kind: 'target', text }];
    return { mark: { ...mark, disturbances }, isDead };
  }

  async #isGone({ errors, scale }: Mark): Promise<boolean> {
    const { ready, readyTimeout } = this.#settings.scale;
    if (ready !== undefined) return !(await isReady(ready, scale, readyTimeout, this.#signal));
    return kindsOf(errors)[0]?.kind === 'refused connections';
  }

  #dead(text: string): void {
    const isStop = this.#settings.whenDead === 'stop';
    this.#listener.onTrouble(`${text}; ${isStop ? 'the study ends here' : 'its other marks are left out'}`);
    this.#isOver ||= isStop;
  }
}
