// Logs of workers and application → what became of each payload, and how long it took.

/**
 * What a line tells of a payload, in the order in which it happens; of two lines of one millisecond the kind decides.
 * A kind is handed on as its place in this list.
 */
export const eventKinds = ['publishing', 'echoed', 'lost', 'received', 'timeout', 'late'] as const;
export type EventKind = (typeof eventKinds)[number];

/** Takes what lines tell. Plain arguments: there are millions of them. */
export interface EventSink {
  /**
   * @param kind place in `eventKinds`
   * @param device the device's id
   * @param number of the payload, which a device counts
   * @param time µs since the epoch
   * @param took execution time in µs, of `echoed`; else 0
   */
  add(kind: number, device: string, number: number, time: number, took: number): void;
}
