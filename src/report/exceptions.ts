import type { ExceptionRow } from './run.ts';

/** Distinct tracebacks kept of a run. What comes after is counted in one row. */
const maxRows = 500;
const tooMany = '(other exceptions: more than 500 distinct tracebacks in the run)';
/** Locust's name of the node in a run without a master. */
const node = 'local';

/** Exceptions of user code by traceback, as Locust's `log_exception` keeps them. */
export class Exceptions {
  readonly #rows = new Map<string, { readonly message: string; count: number }>();

  get rows(): readonly ExceptionRow[] {
    return [...this.#rows].map(([traceback, { message, count }]) => ({ count, message, traceback, nodes: [node] }));
  }

  add(message: string, traceback: string): void {
    const known = this.#rows.get(traceback);
    if (known !== undefined) known.count++;
    else if (this.#rows.size < maxRows || traceback === '') this.#rows.set(traceback, { message, count: 1 });
    else this.add(tooMany, '');
  }
}
