import type { TestContext } from 'node:test';

/** Both clocks in the hands of a test. The wall clock may be set without the monotonic one, as by an NTP server. */
export class Clock {
  #wall = 1_700_000_000_000;
  #monotonic = 5000;

  constructor(t: TestContext) {
    t.mock.method(Date, 'now', () => this.#wall);
    t.mock.method(performance, 'now', () => this.#monotonic);
  }

  /** Epoch seconds. */
  get now(): number {
    return this.#wall / 1000;
  }

  pass(milliseconds: number): void {
    this.#wall += milliseconds;
    this.#monotonic += milliseconds;
  }

  setWall(epochSeconds: number): void {
    this.#wall = epochSeconds * 1000;
  }
}
