/** The codes of gRPC by their numbers. */
// biome-ignore format: a list of words
const names = [
  'OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS',
  'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED',
  'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED',
] as const;

export type StatusName = (typeof names)[number];

export const codes: Readonly<Record<StatusName, number>> = Object.fromEntries(
  names.map((name, code) => [name, code]),
) as Record<StatusName, number>;

/** `UNAVAILABLE` of 14; a code that gRPC does not know is `UNKNOWN`, as the specification says. */
export function statusName(code: number): StatusName {
  return names[code] ?? 'UNKNOWN';
}

/** A call that did not end with OK, for tasks that want to throw it. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  readonly code: number;
  readonly status: StatusName;

  /** `text` as it is counted: `UNAVAILABLE: …`. */
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
    this.status = statusName(code);
  }
}

/** A failure that has come before is not made anew: servers that are down say the same thousands of times. */
const texts = new Map<string, string>();
const maxTexts = 1000;

/** `UNAVAILABLE: Connection dropped`: what the Failures tab shows, without what is different each time. */
export function failureText(code: number, details: string): string {
  const key = `${code} ${details}`;
  let text = texts.get(key);
  if (text === undefined) {
    if (texts.size >= maxTexts) texts.clear();
    const said = withoutVariables(details);
    text = said === '' ? statusName(code) : `${statusName(code)}: ${said}`;
    texts.set(key, text);
  }
  return text;
}

/**
 * Times, addresses, ids and long numbers become `…`. Only the first line: grpc-js and servers put stacks and the notes
 * of their resolvers behind it.
 */
export function withoutVariables(details: string): string {
  const [line = ''] = details.trim().split('\n');
  return line
    .replace(/^(The response cannot be read): .*/, '$1')
    .replace(/^Deadline exceeded after .*/s, deadlineText)
    .replace(/\s*\(\d{4}-\d\d-\d\dT[\d:.]+Z\)/g, '')
    .replace(/\.?\s*Resolution note: ?$/, '')
    .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,]*(Z|[+-]\d\d:?\d\d)?/g, '…')
    .replace(/\b[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '…')
    .replace(
      /(\[[0-9a-f:]+\]|\b\d{1,3}(\.\d{1,3}){3}\b|(?<![\w:])(?=[0-9a-f:]*::)[0-9a-f:]+|\blocalhost\b)(:\d+)?/gi,
      '…',
    )
    .replace(/\b0x[0-9a-f]+\b/gi, '…')
    .replace(/\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, '…')
    .replace(/\d+(\.\d+)?\s?(ms|µs|us|ns|s)\b/g, '…')
    .replace(/\d{4,}/g, '…');
}

/** Where the time went is worth a row of its own, how much of it is not. */
function deadlineText(text: string): string {
  const where = /waiting for name resolution|waiting for metadata filters|Waiting for LB pick/.exec(text)?.[0];
  if (where === undefined) return 'Deadline exceeded';
  return `Deadline exceeded, ${where === 'Waiting for LB pick' ? 'waiting for a connection' : where}`;
}
