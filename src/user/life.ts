import { StopUser } from '../errors.ts';
import { Iteration } from './iteration.ts';

/** What an abort ends at once: the pauses of a user. */
type Cut = () => void;

/** A longer timer would ring at once. */
export const longestTimer: number = 2 ** 31 - 1;

/**
 * The life of one user in two phases. `stop` cuts the wait between tasks and lets a running task end; `abort` ends
 * what is in flight through the signal. After the abort `onStop` lives on with a signal of its own.
 */
export class Life {
  /** Whether its iterations are planned, and run side by side. */
  isOpen = false;
  #state: 'running' | 'stopping' | 'aborted' | 'ending' | 'over' = 'running';
  #controller: AbortController | undefined;
  #cutWait: Cut | undefined;
  /** Of those that wait beside another one. */
  #cutWaits: Set<Cut> | undefined;
  /** Made when first needed, as the one above: most users never sleep within a task, and there may be very many users. */
  #cutSleeps: Set<Cut> | undefined;
  #overs: (() => void)[] | undefined;

  /** Told to stop, or past it: no further task begins. */
  get isStopping(): boolean {
    return this.#state !== 'running';
  }

  /** Nothing that happens now may be counted any more. */
  get isSilent(): boolean {
    return this.#state === 'aborted' || this.#state === 'over';
  }

  /** The planned iteration of this user that asks; undefined outside of one. */
  get iteration(): Iteration | undefined {
    if (!this.isOpen) return undefined;
    const { current } = Iteration;
    return current?.life === this ? current : undefined;
  }

  /** How late the iteration that asks began, ms; null outside of one. */
  get lateness(): number | null {
    return this.isOpen ? (this.iteration?.lateness ?? null) : null;
  }

  /** Ends what is in flight when it is aborted; made when first asked for. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.isSilent && !this.#controller.signal.aborted) this.#controller.abort(new StopUser());
    return this.#controller.signal;
  }

  /** The pause between tasks; a stop cuts it, and the user ends. */
  async wait(seconds: number): Promise<void> {
    if (this.isStopping) throw new StopUser();
    if (this.#cutWait !== undefined) return this.#waitBeside(seconds);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(seconds * 1000, longestTimer));
      this.#cutWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#cutWait = undefined;
    if (this.isStopping) throw new StopUser();
  }

  async #waitBeside(seconds: number): Promise<void> {
    this.#cutWaits ??= new Set();
    const cuts = this.#cutWaits;
    await new Promise<void>((resolve) => {
      const cut = (): void => {
        clearTimeout(timer);
        cuts.delete(cut);
        resolve();
      };
      const timer = setTimeout(cut, Math.min(seconds * 1000, longestTimer));
      cuts.add(cut);
    });
    if (this.isStopping) throw new StopUser();
  }

  /** A pause within a task; only an abort cuts it. */
  async sleep(seconds: number): Promise<void> {
    if (this.isSilent) throw new StopUser();
    this.#cutSleeps ??= new Set();
    const cuts = this.#cutSleeps;
    let cut: Cut = () => {};
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, Math.min(seconds * 1000, longestTimer));
      cut = () => {
        clearTimeout(timer);
        reject(new StopUser());
      };
      cuts.add(cut);
    }).finally(() => cuts.delete(cut));
  }

  /** First phase. */
  stop(): void {
    if (this.#state !== 'running') return;
    this.#state = 'stopping';
    this.#endWaits();
  }

  /** Second phase. */
  abort(): void {
    if (this.#state !== 'running' && this.#state !== 'stopping') return;
    this.#state = 'aborted';
    this.#endWaits();
    this.#endSleeps();
    this.#controller?.abort(new StopUser());
  }

  /** The tasks have ended, or were given up; `onStop` begins, and may use the clients again. */
  beginEnd(): void {
    if (this.#state === 'over') return;
    if (this.#state === 'aborted') this.#controller = undefined;
    this.#state = 'ending';
  }

  #endWaits(): void {
    this.#cutWait?.();
    if (this.#cutWaits !== undefined) for (const cut of this.#cutWaits) cut();
  }

  #endSleeps(): void {
    if (this.#cutSleeps !== undefined) for (const cut of this.#cutSleeps) cut();
  }

  /** Nothing of this user is heard any more. */
  end(): void {
    this.#state = 'over';
    this.#endWaits();
    this.#endSleeps();
    this.#controller?.abort(new StopUser());
    const overs = this.#overs;
    this.#overs = undefined;
    if (overs !== undefined) for (const listener of overs) listener();
  }

  /** Calls `listener` once when nothing of this user runs any more, however it ended: what it held is free again. */
  onOver(listener: () => void): void {
    if (this.#state === 'over') return listener();
    this.#overs ??= [];
    this.#overs.push(listener);
  }
}
