/** A line of a log is shorter than this; of a longer one only so much is looked at. */
const longestLine = 128 * 1024;
const lineFeed = 0x0a;

/**
 * Cuts bytes into lines, without their ends; `onLine` gets each one, with each byte as a letter, as logs may hold any.
 * What follows the last line end is a line, too.
 */
export class LineCutter {
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const whole = chunk.lastIndexOf(lineFeed) + 1;
    if (whole > 0) {
      // Within a text a line end is found faster than in bytes.
      const text = this.#rest + chunk.toString('latin1', 0, whole);
      this.#rest = '';
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        this.#line(text.slice(from, end));
        from = end + 1;
      }
    }
    if (this.#rest.length < longestLine) this.#rest += chunk.toString('latin1', whole);
  }

  end(): void {
    if (this.#rest !== '') this.#line(this.#rest);
    this.#rest = '';
  }

  #line(text: string): void {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    this.#onLine(line.length > longestLine ? line.slice(0, longestLine) : line);
  }
}
