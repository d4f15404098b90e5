const maxFrames = 10_000;
const maxBytes = 256 * 1024 * 1024;

/** A frame that waits for the socket. */
export interface WaitingFrame {
  readonly frame: Uint8Array;
  readonly droppable: boolean;
}

/**
 * What is to be sent, in order and bounded. The first frame may be on its way into the socket, so only `remove` takes
 * it out. A droppable frame is worth something only while it is fresh: a newer one takes the place of one that waits, and
 * the same bytes never wait twice, for a burst of `client_ready` would reset the master's record again and again.
 */
export class SendQueue {
  readonly #waiting: WaitingFrame[] = [];
  #bytes = 0;
  #droppable = 0;

  get first(): WaitingFrame | undefined {
    return this.#waiting[0];
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** @returns how many other frames, or whether this one, had to go since the queue is full. */
  push(frame: Uint8Array, droppable: boolean): number {
    if (droppable && this.#droppable > 0) {
      if (this.#waiting.some((known) => known.droppable && Buffer.compare(known.frame, frame) === 0)) return 0;
      this.dropStale();
    }
    this.#waiting.push({ frame, droppable });
    this.#bytes += frame.byteLength;
    this.#droppable += droppable ? 1 : 0;
    let lost = 0;
    while (this.#waiting.length > maxFrames || this.#bytes > maxBytes) lost += this.#makeRoom();
    return lost;
  }

  /** Takes out a frame that was sent. It may be gone already. */
  remove(sent: WaitingFrame): void {
    const at = this.#waiting.indexOf(sent);
    if (at >= 0) this.#take(at);
  }

  /** Forgets the droppable frames, but for one that may be on its way into the socket. */
  dropStale(): void {
    const at = this.#waiting.findIndex(({ droppable }, index) => droppable && index > 0);
    if (at > 0) this.#take(at);
  }

  /** Droppable ones first, then the oldest: each report stands for itself, and the newest orders tell the state. */
  #makeRoom(): number {
    const stale = this.#waiting.findIndex(({ droppable }, index) => droppable && index > 0);
    const at = stale > 0 ? stale : Math.min(1, this.#waiting.length - 1);
    return this.#take(at) ? 0 : 1;
  }

  #take(at: number): boolean {
    const [taken] = this.#waiting.splice(at, 1);
    if (taken === undefined) return false;
    this.#bytes -= taken.frame.byteLength;
    this.#droppable -= taken.droppable ? 1 : 0;
    return taken.droppable;
  }
}
