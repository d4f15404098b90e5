import type { Call } from './call.ts';
import { commented, counted, quoted } from './code.ts';
import { Names } from './naming.ts';
import type { Recording, Sequence } from './recording.ts';
import { methodCode, Secrets, valuesCode } from './request-code.ts';
import { waitCode } from './wait-code.ts';

/** What a user file says of itself beside the recording. */
export interface FileFacts {
  /** How it was made. */
  readonly origin: readonly string[];
  /** The system under test; not written if it is not given: a recording must not hit the system that it is of. */
  readonly host: string | undefined;
  /** Whether the log has redirects, whose targets are requests of their own in it. */
  readonly hasRedirects: boolean;
}

interface NamedSequence {
  readonly sequence: Sequence;
  /** Of the class, and of the field that holds it. */
  readonly className: string;
  readonly field: string;
}

/** The TypeScript of a user that does what the logs say. */
export function userFile(recording: Recording, facts: FileFacts): string {
  const names = new Names();
  const methods = new Map(recording.calls.map((call) => [call, names.method(call.words)]));
  const sequences = recording.sequences.map((sequence) => named(sequence, names));
  const secrets = new Secrets();
  const wait = waitCode(recording.pauses);
  const singles = new Set(recording.singles.map(({ call }) => call));
  const nameOf = (call: Call): string => methods.get(call) ?? '';
  const user = [
    '/** What the clients of the log do. Weights are counts of requests; what matters is how they relate. */',
    'export class RecordedUser extends HttpUser {',
    ...hostCode(facts.host),
    `  // ${wait.comment}`,
    `  static waitTime = ${wait.code};`,
    ...(facts.hasRedirects
      ? ['  // The log has what a redirect leads to as a request of its own.', "  static redirect = 'manual' as const;"]
      : []),
    ...tasksCode(recording, sequences, nameOf),
    ...sequences.flatMap(({ className, field }, at) => [...(at === 0 ? [''] : []), `  ${field} = ${className};`]),
    ...recording.singles.flatMap(({ call }) => ['', ...methodCode(call, nameOf(call), secrets)]),
    '}',
    ...sequences.flatMap((sequence) => ['', ...sequenceCode(sequence, singles, nameOf, secrets)]),
  ];
  const tables = recording.calls.filter(({ variables }) => variables.length > 0);
  const imports = [
    ...wait.imports,
    ...(secrets.isEmpty ? [] : ['defineOptions']),
    'HttpUser',
    ...(sequences.length > 0 ? ['type Sequence', 'SequentialTaskSet'] : []),
    'type Tasks',
  ];
  return [
    ...facts.origin.map((line) => `// ${commented(line)}`),
    `import { ${imports.join(', ')} } from 'katydid';`,
    '',
    ...(secrets.isEmpty ? [] : [...secrets.declaration(), '']),
    ...user,
    ...tables.flatMap((call) => ['', ...valuesCode(call, nameOf(call))]),
    ...(tables.length > 0 ? ['', ...drawnCode] : []),
    ...(wait.isSampled ? ['', ...pausesCode] : []),
    '',
  ].join('\n');
}

/** Without a host the file cannot hit anything by accident. */
export function hostCode(host: string | undefined): string[] {
  if (host !== undefined) return [`  static host = ${quoted(host)};`];
  return [
    "  // The system under test: -H on the command line, the web UI's Host field, or: static host = 'http://localhost:8080';",
  ];
}

function named(sequence: Sequence, names: Names): NamedSequence {
  const [first, last] = [sequence.calls[0], sequence.calls.at(-1)];
  const words = [...pathWords(first), 'to', ...pathWords(last)];
  return { sequence, className: names.class(words), field: names.method(words) };
}

/** What a request is called for, without its method. */
function pathWords(call: Call | undefined): readonly string[] {
  return (call?.words ?? []).slice(call?.method === 'GET' ? 0 : 1).slice(0, 3);
}

function tasksCode(
  { singles, sequences: all }: Recording,
  sequences: readonly NamedSequence[],
  nameOf: (call: Call) => string,
): string[] {
  const total = [
    ...singles.map(({ weight }) => weight),
    ...all.map(({ calls, weight }) => weight * calls.length),
  ].reduce((sum, requests) => sum + requests, 0);
  const share = (requests: number): string => `${((100 * requests) / total).toFixed(1)} %`;
  const rows = [
    ...singles.map(({ call, weight }) => ({
      name: nameOf(call),
      weight,
      requests: weight,
      comment: `${call.method} ${call.name}`,
    })),
    ...sequences.map(({ field, sequence: { calls, weight } }) => ({
      name: field,
      weight,
      requests: weight * calls.length,
      comment: calls.map(({ method, name }) => `${method} ${name}`).join(' → '),
    })),
  ].sort((one, other) => other.requests - one.requests);
  return [
    '  static tasks = {',
    ...rows.map(
      ({ name, weight, requests, comment }) => `    ${name}: ${weight}, // ${share(requests)}: ${commented(comment)}`,
    ),
    '  } satisfies Tasks<RecordedUser>;',
  ];
}

function sequenceCode(
  { className, sequence }: NamedSequence,
  singles: ReadonlySet<Call>,
  nameOf: (call: Call) => string,
  secrets: Secrets,
): string[] {
  const names = sequence.calls.map(nameOf);
  return [
    `/** ${counted(sequence.weight)} times in this order: in the log each of these is followed by the next in at least 9 of 10 cases. */`,
    `class ${className} extends SequentialTaskSet<RecordedUser> {`,
    `  static tasks = [${[...names, 'interrupt'].map(quoted).join(', ')}] satisfies Sequence<${className}>;`,
    ...sequence.calls.flatMap((call) => [
      '',
      ...(singles.has(call)
        ? [`  async ${nameOf(call)}() {`, `    await this.user.${nameOf(call)}();`, '  }']
        : methodCode(call, nameOf(call), secrets)),
    ]),
    '}',
  ];
}

const drawnCode = `/** Gives the values of one row each time, each row as often as its number says. */
function drawn<Values extends string[]>(rows: readonly (readonly [times: number, ...values: Values])[]): () => Values {
  const total = rows.reduce((sum, [times]) => sum + times, 0);
  return () => {
    let left = Math.random() * total;
    const row = rows.find(([times]) => {
      left -= times;
      return left < 0;
    });
    return (row ?? rows[0])?.slice(1) as unknown as Values;
  };
}`.split('\n');

const pausesCode = `/** Pauses that are distributed as told: [0.9, 12] says that 90 % of them are shorter than 12 s. */
function pauses(quantiles: readonly (readonly [share: number, seconds: number])[]): () => number {
  return () => {
    const share = Math.random();
    let [fromShare, from] = [0, 0];
    for (const [toShare, to] of quantiles) {
      if (share < toShare) return from + ((to - from) * (share - fromShare)) / (toShare - fromShare);
      [fromShare, from] = [toShare, to];
    }
    return from;
  };
}`.split('\n');
