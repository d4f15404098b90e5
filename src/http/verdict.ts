import { CatchResponseError, ControlFlow, toError } from '../errors.ts';
import type { HttpResponse } from './response.ts';

/** What a `catchResponse` gets. */
export interface Caught {
  readonly response: HttpResponse;
  /** Counts the request as a success, whatever its status. */
  success(): void;
  /** Counts it as a failure: a text becomes `CatchResponseError('text')`, an Error stays what it is. */
  failure(reason: string | Error): void;
  /** Counts it under another name. */
  rename(name: string): void;
}

/**
 * Decides whether a request failed. May be async; its time is not counted. If it neither calls `success` nor
 * `failure`, the status decides; if it throws, that error is the failure.
 *
 * @example catchResponse: ({ response, failure }) => response.text().includes('Welcome') || failure('not logged in')
 */
export type CatchResponse = (caught: Caught) => unknown;

/** How a `catchResponse` ended. */
export interface Verdict {
  /** Undefined: the status decides. */
  readonly outcome: 'success' | Error | undefined;
  readonly name: string;
  /** To be thrown on once the request is counted, or instead. Locust: it is counted if a verdict was given before. */
  readonly flow: ControlFlow | undefined;
}

export async function judge(response: HttpResponse, name: string, catchResponse: CatchResponse): Promise<Verdict> {
  let outcome: Verdict['outcome'];
  let renamed = name;
  let flow: ControlFlow | undefined;
  try {
    await catchResponse({
      response,
      success: () => {
        outcome = 'success';
      },
      failure: (reason) => {
        outcome = reason instanceof Error ? reason : new CatchResponseError(String(reason));
      },
      rename: (given) => {
        renamed = given;
      },
    });
  } catch (thrown) {
    if (thrown instanceof ControlFlow) flow = thrown;
    else outcome = toError(thrown);
  }
  return { outcome, name: renamed, flow };
}
