/** The part of stderr that is needed. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const mostMilliseconds = 100;
const barWidth = 30;

/** How far something is, as a bar in one line of a terminal; nothing where there is none. Gone when it has ended. */
export class ProgressBar {
  readonly #what: string;
  readonly #total: number;
  readonly #screen: Screen;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(what: string, total: number, screen: Screen = process.stderr) {
    this.#what = what;
    this.#total = total;
    this.#screen = screen;
  }

  /** Draws it at most ten times a second. */
  update(done: number, total: number = this.#total, now: number = performance.now()): void {
    if (this.#screen.isTTY !== true || now - this.#drawnAt < mostMilliseconds) return;
    this.#drawnAt = now;
    const part = total === 0 ? 1 : Math.min(1, done / total);
    const full = Math.round(part * barWidth);
    const bar = `${'█'.repeat(full)}${'░'.repeat(barWidth - full)}`;
    const line = `${this.#what} ${bar} ${String(Math.floor(part * 100)).padStart(3)} % ${done} of ${total}`;
    this.#screen.write(`\r${line.slice(0, (this.#screen.columns || 80) - 1)}\u001b[K`);
  }

  /** Wipes it away. */
  end(): void {
    if (this.#screen.isTTY === true && this.#drawnAt > 0) this.#screen.write('\r\u001b[K');
  }
}
