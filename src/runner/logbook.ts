/** Locust keeps so many lines, and the master's Logs tab shows as many. */
const keptLines = 500;
/** A longer line is cut: a stack or a body must not fill the master's memory. */
const lineLength = 4000;

/** The last lines of the log, for the Logs tab of the web UI. Never switched off, however much is logged. */
export class Logbook {
  readonly #lines: string[] = [];
  #isNew = true;

  add(line: string): void {
    this.#lines.push(line.length > lineLength ? `${line.slice(0, lineLength)} …` : line);
    if (this.#lines.length > keptLines) this.#lines.shift();
    this.#isNew = true;
  }

  /** All kept lines if there are new ones since the last call; the master replaces its list by them. */
  take(): readonly string[] | undefined {
    if (!this.#isNew) return undefined;
    this.#isNew = false;
    return [...this.#lines];
  }
}
