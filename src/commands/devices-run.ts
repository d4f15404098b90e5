import { spans } from '../devices/device-id.ts';
import type { Outcome, Watch } from '../devices/registry.ts';
import { ProgressBar } from './devices-progress.ts';
import { onSignals } from './signals.ts';

const signalCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/** A change of many devices, as a person sees it: a bar, Ctrl-C that ends it in good order, and what came of it. */
export class DevicesRun {
  readonly #controller = new AbortController();
  #signal: string | undefined;

  /** From now on the first Ctrl-C ends what is watched. */
  constructor() {
    onSignals((signal) => {
      this.#signal = signal;
      this.#controller.abort();
    });
  }

  /** Runs what can be watched, with a bar. */
  async watch<T>(what: string, total: number, work: (watch: Watch) => Promise<T>): Promise<T> {
    const bar = new ProgressBar(what, total);
    try {
      return await work({ signal: this.#controller.signal, onProgress: (done, all) => bar.update(done, all) });
    } finally {
      bar.end();
    }
  }

  /** Undefined if nothing cut it short. */
  get exitCode(): number | undefined {
    return this.#signal === undefined ? undefined : (signalCodes[this.#signal] ?? 1);
  }

  /**
   * Tells how it ended, and returns the exit code: 0 if all was done, 1 if something failed, 130 after Ctrl-C.
   *
   * @param verb `created`, `deleted`.
   * @param whole what is told if all was done.
   */
  tell(verb: string, total: number, { done, failed }: Outcome, whole: string): number {
    if (failed.length === 0 && done.length === total) {
      process.stdout.write(`${whole}\n`);
      return 0;
    }
    const which = done.length === 0 ? '' : `: ${spans(done)}`;
    const cut = this.exitCode === undefined ? '' : 'interrupted; ';
    const lines = [`${cut}${done.length} of ${total} devices were ${verb}${which}`];
    lines.push(...failed.slice(0, 5).map(({ id, reason }) => `${id} was not: ${reason}`));
    if (failed.length > 5) lines.push(`… nor were ${failed.length - 5} more`);
    const unknown = failed.filter(({ isUnknown }) => isUnknown).map(({ id }) => id);
    if (unknown.length > 0) {
      lines.push(`${spans(unknown)}: no answer says whether it was ${verb} after all; 'katydid devices verify' does`);
    }
    process.stderr.write(`${lines.map((line) => `katydid: ${line}\n`).join('')}`);
    return this.exitCode ?? 1;
  }
}
