import type { UrlPart } from './call.ts';
import { commented, dataCode, keyed, quoted, urlCode } from './code.ts';
import type { HarRequest } from './har.ts';
import { type HarBody, Secret } from './har-parts.ts';
import { Names } from './naming.ts';
import { requestCode, Secrets } from './request-code.ts';
import { secretMark } from './secret.ts';
import { type FileFacts, hostCode } from './user-file.ts';
import type { Step, Visit, Visited } from './visit.ts';

/** The TypeScript of a user that does what a browser did: one sequence a recording. */
export function visitFile(visits: readonly Visit[], facts: FileFacts): string {
  const names = new Names();
  const secrets = new Secrets();
  const shared = sharedHeaders(visits);
  const named = visits.map((visit, at) => {
    const title = visits.length === 1 ? 'visit' : `visit${at + 1}`;
    return { visit, field: names.method([title]), className: names.class([title]) };
  });
  const sites = new Set(visits.map(({ har }) => har.site));
  const user = [
    '/** What a browser did, in order and with its pauses. Cookies are kept by the client, as the server sets them. */',
    'export class RecordedUser extends HttpUser {',
    ...hostCode(facts.host),
    ...(shared.size === 0 ? [] : [`  static headers = { ${[...shared].map(pair).join(', ')} };`]),
    ...(facts.hasRedirects
      ? [
          '  // The recording has what a redirect leads to as a request of its own.',
          "  static redirect = 'manual' as const;",
        ]
      : []),
    `  static tasks = { ${named.map(({ field }) => `${field}: 1`).join(', ')} } satisfies Tasks<RecordedUser>;`,
    '',
    ...named.map(({ field, className }) => `  ${field} = ${className};`),
    '}',
  ];
  const [site = ''] = sites;
  const classes = named.flatMap(({ visit, className }) => [
    '',
    ...visitCode(visit, className, { site, shared, secrets }),
  ]);
  const imports = [
    ...(secrets.isEmpty ? [] : ['defineOptions']),
    'HttpUser',
    'type Sequence',
    'SequentialTaskSet',
    'type Tasks',
  ];
  return [
    ...facts.origin.map((line) => `// ${commented(line)}`),
    `import { ${imports.join(', ')} } from 'katydid';`,
    '',
    ...(secrets.isEmpty ? [] : [...secrets.declaration(), '']),
    ...user,
    ...classes,
    '',
  ].join('\n');
}

const pair = ([name, value]: readonly [string, string]): string => `${keyed(name)}: ${quoted(value)}`;

interface Scene {
  /** Requests to it need no host. */
  readonly site: string;
  /** Headers of the class. */
  readonly shared: ReadonlyMap<string, string>;
  readonly secrets: Secrets;
}

/** Headers that all requests have, with the same value. */
function sharedHeaders(visits: readonly Visit[]): Map<string, string> {
  const requests = visits.flatMap(({ steps }) => steps.flatMap(({ visited }) => visited.map(({ request }) => request)));
  const [first, ...rest] = requests;
  const shared = (first?.headers ?? []).flatMap(({ name, value }) =>
    typeof value === 'string' &&
    name !== 'content-type' &&
    rest.every(({ headers }) => headers.some((header) => header.name === name && header.value === value))
      ? [[name, value] as const]
      : [],
  );
  return new Map(requests.length < 2 ? [] : shared);
}

function visitCode({ har, steps }: Visit, className: string, scene: Scene): string[] {
  const names = new Names();
  const methods = steps.map(({ visited }) => names.method(visited[0]?.call.words ?? []));
  const count = steps.reduce((sum, { visited }) => sum + visited.length, 0);
  return [
    `/** ${commented(`${har.file}: ${count} requests in ${steps.length} steps, recorded at ${har.site}.`)} */`,
    `class ${className} extends SequentialTaskSet<RecordedUser> {`,
    `  static waitTime = (visit: ${className}) => visit.think;`,
    `  static tasks = ${dataCode([...methods, 'interrupt'], '  ')} satisfies Sequence<${className}>;`,
    '',
    '  /** Seconds until the next step. */',
    '  think = 0;',
    ...steps.flatMap((step, at) => ['', ...stepCode(step, methods[at] ?? '', scene)]),
    '}',
  ];
}

function stepCode({ title, visited, think }: Step, name: string, scene: Scene): string[] {
  const requests = visited.flatMap((one) => visitedCode(one, scene));
  return [
    ...(title === '' ? [] : [`  /** ${commented(title)} */`]),
    `  async ${name}() {`,
    ...scene.secrets.takeOpening(),
    ...requests,
    `    this.think = ${think.toFixed(1).replace(/\.0$/, '')};`,
    '  }',
  ];
}

function visitedCode({ request, call }: Visited, { site, shared, secrets }: Scene): string[] {
  const { method, origin, headers, body } = request;
  const from = `${method} ${call.name}`;
  const front = origin === site ? '' : origin;
  const url = urlCode([{ text: front }, ...partsOf(request)], (label) => secrets.code(label, from));
  const leaf = (value: unknown): string | undefined =>
    value instanceof Secret ? secrets.code(labelOf(value.label), from) : undefined;
  const own = headers.filter(({ name, value }) => shared.get(name) !== value);
  const options = bodyCode(body, leaf);
  if (own.length > 0) {
    options.push(
      `headers: ${dataCode(Object.fromEntries(own.map(({ name, value }) => [name, value])), '      ', leaf)}`,
    );
  }
  if (url !== quoted(call.name)) options.push(`name: ${quoted(call.name)}`);
  return [
    ...(body?.kind === 'lost' ? [`    // TODO: the body is not here: ${commented(body.why)}.`] : []),
    requestCode(method, url, options, '    '),
  ];
}

function bodyCode(body: HarBody | undefined, leaf: (value: unknown) => string | undefined): string[] {
  if (body === undefined || body.kind === 'lost') return [];
  if (body.kind === 'text') return [`body: ${quoted(body.text)}`];
  return [`${body.kind}: ${dataCode(body.data, '      ', leaf)}`];
}

/** Path and query with a place for each secret. */
function partsOf({ target: { path, query } }: HarRequest): UrlPart[] {
  const whole = query === '' ? path : `${path}?${query}`;
  return whole.split(secretMark).flatMap((text, at, all): UrlPart[] => {
    if (at === all.length - 1) return [{ text }];
    return [{ text }, { secret: labelOf(/[?&]([^=&]*)=$/.exec(text)?.[1] ?? 'token') }];
  });
}

function labelOf(name: string): string {
  return new Names().variable(name);
}
