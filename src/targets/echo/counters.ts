import { log } from '../../log.ts';

/** Seconds between two lines of what was counted. */
const interval = 10;

/** What broker and application have done since they were started. */
export class Counters {
  /** Connections that were let in. */
  connects = 0;
  /** Tokens that were renewed on their connection (MQTT 5). */
  renewals = 0;
  /** Payloads that came to the application. */
  received = 0;
  /** Those that it answered. */
  echoed = 0;
  /** Those that it dropped on purpose. */
  lost = 0;
  /** Those whose answer no broker took. */
  failed = 0;
  /** Connections that were not let in, by reason. */
  readonly refused: Map<string, number> = new Map();
  /** Connections that were ended, by reason. */
  readonly closed: Map<string, number> = new Map();
  #said: string;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#said = this.toString();
    this.#timer = setInterval(() => this.#sayIfChanged(), interval * 1000).unref();
  }

  refuse(reason: string): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }

  close(reason: string): void {
    this.closed.set(reason, (this.closed.get(reason) ?? 0) + 1);
  }

  /** Says all for the last time. */
  end(): void {
    clearInterval(this.#timer);
    log.info(this.toString());
  }

  /** `echo: 100 connects, 3 refused (2 expired, 1 signature), 1200 received, 1188 echoed, 12 lost`. */
  toString(): string {
    const parts = [
      `${this.connects} connects`,
      ...byReason('refused', this.refused),
      ...byReason('closed', this.closed),
      ...(this.renewals === 0 ? [] : [`${this.renewals} renewals`]),
      `${this.received} received`,
      `${this.echoed} echoed`,
      `${this.lost} lost`,
      ...(this.failed === 0 ? [] : [`${this.failed} failed`]),
    ];
    return `echo: ${parts.join(', ')}`;
  }

  #sayIfChanged(): void {
    const text = this.toString();
    if (text === this.#said) return;
    this.#said = text;
    log.info(text);
  }
}

function byReason(what: string, counts: ReadonlyMap<string, number>): string[] {
  if (counts.size === 0) return [];
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [`${total} ${what} (${[...counts].map(([reason, count]) => `${count} ${reason}`).join(', ')})`];
}
