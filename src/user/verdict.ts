import { CatchResponseError, ControlFlow, toError } from '../errors.ts';

/** What a `catchResponse` gets, whatever the protocol. */
export interface Caught<R> {
  readonly response: R;
  /** Counts the request as a success, whatever its status. */
  success(): void;
  /** Counts it as a failure: a text becomes `CatchResponseError('text')`, an Error stays what it is. */
  failure(reason: string | Error): void;
  /** Counts it under another name. */
  rename(name: string): void;
}

/** How a `catchResponse` ended. */
export interface Verdict {
  /** Undefined: the status decides. */
  readonly outcome: 'success' | Error | undefined;
  readonly name: string;
  /** To be thrown on once the request is counted, or instead. Locust: it is counted if a verdict was given before. */
  readonly flow: ControlFlow | undefined;
}

/** Lets `catchResponse` decide over a response that is counted under `name`. */
export async function judge<R>(
  response: R,
  name: string,
  catchResponse: (caught: Caught<R>) => unknown,
): Promise<Verdict> {
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
