/** Clears the line that the cursor is in. */
const clearLine = '\r\u001b[2K';

/** The part of a stream that is needed. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/**
 * What people see while a run goes on, on stderr as in Locust: log lines, tables, and below them on a terminal one line
 * that is always up to date.
 */
export class Screen {
  readonly #output: Output;
  #status = '';

  /** `onTrouble` is told once why nothing more can be written; a reader that has gone away is none. */
  constructor(output: Output, onTrouble: (reason: string) => void) {
    this.#output = output;
    let isTold = false;
    output.on('error', ({ code, message }) => {
      if (isTold || code === 'EPIPE') return;
      isTold = true;
      onTrouble(message);
    });
  }

  /** Whether a person looks on. */
  get isTerminal(): boolean {
    return this.#output.isTTY === true;
  }

  /** Of the terminal; undefined where there is none. */
  get columns(): number | undefined {
    return this.#output.columns;
  }

  /** Whole lines. */
  print(text: string): void {
    if (this.#status === '') this.#output.write(text);
    else this.#output.write(`${clearLine}${text}${this.#status}`);
  }

  /** The line below all others; empty for none. On a terminal only. */
  status(text: string): void {
    if (!this.isTerminal) return;
    // A line that wraps could not be cleared.
    const line = text.slice(0, Math.max(0, (this.#output.columns ?? 80) - 1));
    if (line === this.#status) return;
    this.#output.write(`${clearLine}${line}`);
    this.#status = line;
  }
}
