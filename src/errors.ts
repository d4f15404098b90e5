// What can go wrong, told apart by who must act: the user's loop (control flow), a person (UsageError), the reader of a report.

/** Base of all that a task throws to steer its user. Caught by the loop only; never counted, never reported. */
export abstract class ControlFlow extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * Ends the user that throws it: `onStop` runs, the user is gone. Locust's `StopUser`.
 *
 * @example throw new StopUser();
 */
export class StopUser extends ControlFlow {}

/** Ends a whole run without a master. On a worker, as in Locust, it ends the user that throws it. Locust's `StopTest`. */
export class StopTest extends StopUser {}

/** Gives up the running task; the next one starts after the usual wait. Locust's `RescheduleTask`. */
export class RescheduleTask extends ControlFlow {}

/** Gives up the running task; the next one starts at once. Locust's `RescheduleTaskImmediately`. */
export class RescheduleTaskImmediately extends ControlFlow {}

/** Leaves a task set for its parent, as `this.interrupt()` does. Locust's `InterruptTaskSet`. */
export class InterruptTaskSet extends ControlFlow {
  /** Whether the parent picks its next task at once (default) or waits first. */
  readonly reschedule: boolean;

  constructor(reschedule = true) {
    super('interrupted');
    this.reschedule = reschedule;
  }
}

/** An answer that the user's own check refused. Locust's name, so that the Failures tab reads the same. */
export class CatchResponseError extends Error {
  override readonly name = 'CatchResponseError';
}

/** An HTTP status of 400 or more. `requests.HTTPError` by name and text. */
export class HTTPError extends Error {
  override readonly name = 'HTTPError';
}

/** A person's mistake: what was given, what was expected, what to do. Printed without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Any thrown value as an Error; what is no Error is kept as its `cause`. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (isErrorLike(thrown)) {
    const error = new Error(thrown.message, { cause: thrown });
    if (typeof thrown.stack === 'string') error.stack = thrown.stack;
    return error;
  }
  return new Error(`${describe(thrown)} was thrown, which is not an Error`, { cause: thrown });
}

function isErrorLike(value: unknown): value is { message: string; stack?: unknown } {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}

function describe(value: unknown): string {
  try {
    return typeof value === 'string' ? `'${value}'` : String(value);
  } catch {
    return typeof value;
  }
}

/**
 * How a failed request reads in a report, as Locust writes it: a text as it is, an error as `Name('message')`.
 * Memory addresses are masked, so that the same failure is one row.
 */
export function failureText(failure: unknown): string {
  const text =
    typeof failure === 'string'
      ? failure
      : failure instanceof Error
        ? `${failure.name}(${pythonRepr(failure.message)})`
        : describe(failure);
  return text.includes('object at 0x') ? text.replace(/object at 0x[0-9a-f]+>/gi, 'object at 0x....>') : text;
}

/** Whether Locust would count this as a failure: Python's truth of the exception. */
export function isFailure(failure: unknown): boolean {
  return Boolean(failure);
}

/** Not printable for Python's `str.isprintable`: Unicode "Other" and "Separator", but for the blank itself. */
const unprintable = /[\p{C}\p{Z}]/u;

/** Python's `repr` of a string: the text over which the master's error keys are built. */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) out += reprOf(char, quote);
  return out + quote;
}

function reprOf(char: string, quote: string): string {
  if (char === quote || char === '\\') return `\\${char}`;
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  if (char === '\t') return '\\t';
  if (char === ' ' || !unprintable.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
