import type { MarkFailure } from './mark.ts';

/** What a failure is about, in words that stand in a sentence. */
export type FailureKind =
  | 'time-outs'
  | 'refused connections'
  | 'broken connections'
  | 'refusals for overload'
  | 'server errors'
  | 'client errors'
  | 'other failures';

/** The first that matches; messages of katydid's users, of Python's Locust and of Go's workers. */
const kinds: readonly (readonly [FailureKind, RegExp])[] = [
  ['time-outs', /time[d ]?-?\s?out|deadline.?exceeded|ETIMEDOUT|\b(?:504|408)\b/i],
  ['refused connections', /refused|ECONNREFUSED|no route|unreachable|ENOTFOUND|EAI_AGAIN|name or service/i],
  ['broken connections', /reset|ECONNRESET|EPIPE|broken pipe|hang ?up|closed|disconnected|aborted|UND_ERR_SOCKET|EOF/i],
  ['refusals for overload', /\b(?:429|503)\b|too many|unavailable|RESOURCE_EXHAUSTED|overload/i],
  ['server errors', /\b5\d\d\b|internal server|INTERNAL|UNKNOWN/],
  ['client errors', /\b4\d\d\b|unauthori[sz]ed|forbidden|not found|INVALID_ARGUMENT|PERMISSION/i],
];

/** What was asked for says nothing of what became of it: /password/reset is no reset. */
const addresses = /\b(?:for|with) url: [^\s'")]*|\bhttps?:\/\/[^\s'")]*/gi;

export function failureKind(message: string): FailureKind {
  const told = message.replace(addresses, '');
  return kinds.find(([, pattern]) => pattern.test(told))?.[0] ?? 'other failures';
}

/** So many failures of a kind. */
export interface KindCount {
  readonly kind: FailureKind;
  readonly count: number;
  /** The most frequent of them. */
  readonly example: string;
}

/** The most frequent kind first. */
export function kindsOf(failures: readonly MarkFailure[]): readonly KindCount[] {
  const found = new Map<FailureKind, { count: number; example: string; most: number }>();
  for (const { message, count } of failures) {
    const kind = failureKind(message);
    const before = found.get(kind) ?? { count: 0, example: message, most: 0 };
    const isMore = count > before.most;
    found.set(kind, {
      count: before.count + count,
      example: isMore ? message : before.example,
      most: isMore ? count : before.most,
    });
  }
  return [...found].map(([kind, { count, example }]) => ({ kind, count, example })).sort((a, b) => b.count - a.count);
}
