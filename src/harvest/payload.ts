/** What became of one payload that a device published. Times in µs since the epoch. */
export interface Payload {
  readonly device: string;
  readonly number: number;
  readonly published: number;
  /** When its echo came back, in time. */
  readonly received?: number;
  /** When its echo came back after the device had given up. */
  readonly late?: number;
  readonly hasTimedOut: boolean;
  /** What the application says of it; `lost` is dropped on purpose. */
  readonly application?: 'echoed' | 'lost';
  /** Execution time in µs, if it was echoed. */
  readonly took?: number;
}

/** Hears what events come to. */
export interface Settlement {
  onPayload(payload: Payload): void;
  /** An echo of which no log says that it was published. `time` and `took` in µs. */
  onStray(time: number, took: number | undefined): void;
  /** A second answer, or a second receipt, of one payload: QoS 1 may deliver twice. */
  onRepeat(): void;
}
