import { UsageError } from '../errors.ts';
import type { Caught } from '../user/verdict.ts';
import { nearest } from '../words.ts';
import type { MetadataValues } from './metadata.ts';
import type { GrpcResponse } from './response.ts';

/** The options of one call. */
export interface CallOptions<R = unknown> {
  /** Under which it is counted; `/package.Service/Method` if not given. */
  readonly name?: string | undefined;
  /** Seconds until the call must have ended; the class's `deadline` if not given. `Infinity` for none. */
  readonly deadline?: number | undefined;
  /** Added to those of the class and the user, and wins over them. */
  readonly metadata?: MetadataValues | undefined;
  /** For the listeners of the `request` event. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Decides whether the call failed, instead of its status. Called when it is over, of a stream too. May be async; its
   * time is not counted. If it neither calls `success` nor `failure`, the status decides; if it throws, that error is
   * the failure.
   *
   * @example catchResponse: ({ response, success }) => response.status === 'NOT_FOUND' && success()
   */
  readonly catchResponse?: ((caught: Caught<GrpcResponse<R>>) => unknown) | undefined;
  /** Gives the call up when it is aborted; it is counted as failed. */
  readonly signal?: AbortSignal | undefined;
  /** Whether a stream has entries of its own for its first message and its messages; see `GrpcUser.streamEntries`. */
  readonly streamEntries?: boolean | undefined;
}

// biome-ignore format: a list of words
const known: ReadonlySet<string> = new Set<keyof CallOptions>([
  'name', 'deadline', 'metadata', 'context', 'catchResponse', 'signal', 'streamEntries',
]);

/** What the compiler says in TypeScript, said in JavaScript. */
export function checkOptions(options: CallOptions<never>): void {
  for (const name in options) {
    if (!known.has(name)) throw unknownOption(name);
  }
  checkDeadline(options.deadline, 'deadline');
  const { catchResponse } = options;
  if (catchResponse !== undefined && typeof catchResponse !== 'function') {
    throw new UsageError('catchResponse must be a function, such as ({ response, failure }) => …');
  }
}

/** `deadline` in seconds; `what` it is of. */
export function checkDeadline(deadline: number | undefined, what: string): void {
  if (deadline !== undefined && !(typeof deadline === 'number' && deadline > 0)) {
    throw new UsageError(`${what} is ${String(deadline)}; seconds above 0 are expected, or Infinity for no limit`);
  }
}

function unknownOption(name: string): UsageError {
  const hint = nearest(name, [...known]);
  return new UsageError(
    `a call has no option '${name}'${hint === undefined ? `; it has ${[...known].join(', ')}` : `; did you mean '${hint}'?`}`,
  );
}
