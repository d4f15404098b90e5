/** A master that answered before and now is silent for so long has forgotten a worker that has nothing to do. */
const idleSilenceSeconds = 5;
/** After a new connection a master that knows the worker answers its next heartbeat. */
const freshSilenceSeconds = 5;
/** Locust's MASTER_HEARTBEAT_TIMEOUT: so long a test goes on without a word of the master. */
const silenceSeconds = 60;

/**
 * Whether the master still knows this worker, from what was heard of it. Masters before 2.19 answer no heartbeat, so
 * that a new connection is all there is to go by. Times are seconds of one monotonic clock.
 */
export class Link {
  #heardAt: number | undefined;
  #connectedAt: number | undefined;

  /** The master acknowledged; what was before no longer counts. */
  acknowledged(now: number): void {
    if (this.#heardAt !== undefined) this.#heardAt = now;
    this.#connectedAt = undefined;
  }

  /** The master answered a heartbeat. */
  answered(now: number): void {
    this.#heardAt = now;
  }

  /** The transport was lost and is up again. */
  reconnected(now: number): void {
    this.#connectedAt = now;
  }

  /** Why the master must be asked anew; undefined while all is well. */
  lost(now: number, hasUsers: boolean): string | undefined {
    const fresh = this.#connectedAt;
    if (this.#heardAt === undefined)
      return fresh === undefined ? undefined : 'the connection to the master was lost and made again';
    const silent = now - this.#heardAt;
    if (silent >= silenceSeconds) return `the master has been silent for ${Math.round(silent)} s`;
    if (fresh !== undefined && fresh > this.#heardAt && now - fresh >= freshSilenceSeconds) {
      return 'the master answers no heartbeat since the connection was made again: it was restarted';
    }
    if (!hasUsers && silent >= idleSilenceSeconds) return `the master has been silent for ${Math.round(silent)} s`;
    return undefined;
  }
}
