import type { DistributionData } from './distribution.ts';
import type { LineCounts, TornLine } from './reading.ts';

/** What became of the payloads that were published in the window. */
export interface PayloadCounts {
  readonly published: number;
  /** Their echo came back in time: so many response times there are. */
  readonly received: number;
  /** Their echo came back after the device had given up. */
  readonly late: number;
  readonly timedOut: number;
  /** Never came back: in `lost.csv`. */
  readonly lost: number;
  /** Answered by the application: so many execution times there are. */
  readonly echoed: number;
  /** Dropped by the application on purpose. */
  readonly dropped: number;
  /** Never answered: in `unanswered.csv`. null if no log of the application was read. */
  readonly unanswered: number | null;
  /** Second answers and receipts, which count no more. */
  readonly repeated: number;
  /** Lines within the window of payloads that no log says were published. */
  readonly strays: number;
}

/** What `harvest.json` holds; times in ms, moments in ISO 8601. */
export interface HarvestResult {
  readonly format: typeof resultFormat;
  readonly run: string;
  readonly window: { readonly start: string; readonly end: string };
  /** What decides whether a payload is in the window: its publishing, or, of an application alone, its arrival there. */
  readonly windowBy: 'publishing' | 'arrival';
  readonly binMilliseconds: number;
  readonly devices: number;
  readonly payloads: PayloadCounts;
  readonly responseTimes: DistributionData;
  readonly executionTimes: DistributionData;
  readonly lines: LineCounts & { readonly repeated: number };
  readonly tornLines: readonly TornLine[];
  readonly logs: readonly string[];
  readonly remarks: readonly string[];
}

/** Told by a later version from its own. */
export const resultFormat = 'katydid harvest 1';
