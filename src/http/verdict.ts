import type { Caught as CaughtOf } from '../user/verdict.ts';
import type { HttpResponse } from './response.ts';

/** What a `catchResponse` gets. */
export type Caught = CaughtOf<HttpResponse>;

/**
 * Decides whether a request failed. May be async; its time is not counted. If it neither calls `success` nor
 * `failure`, the status decides; if it throws, that error is the failure.
 *
 * @example catchResponse: ({ response, failure }) => response.text().includes('Welcome') || failure('not logged in')
 */
export type CatchResponse = (caught: Caught) => unknown;
