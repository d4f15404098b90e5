import type { Call } from './call.ts';
import { commented, counted, packed, quoted, urlCode } from './code.ts';

const ofClient = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
const withBody = new Set(['POST', 'PUT', 'PATCH']);
const longestLine = 120;

/** The secrets that a file needs, each one an option of the user file. */
export class Secrets {
  readonly #options = new Map<string, string>();
  /** Those of the method that is being written. */
  #ofMethod = new Set<string>();

  /** The code of its value; `from` says where it was found. */
  code(label: string, from: string): string {
    const option = `secret${label.slice(0, 1).toUpperCase()}${label.slice(1)}`;
    if (!this.#options.has(option)) this.#options.set(option, from);
    this.#ofMethod.add(option);
    return option;
  }

  /** What a method must begin with for all secrets since this was asked last. */
  takeOpening(): string[] {
    const options = [...this.#ofMethod];
    this.#ofMethod = new Set();
    return options.length === 0 ? [] : [`    const { ${options.join(', ')} } = options.of(this.environment);`];
  }

  get isEmpty(): boolean {
    return this.#options.size === 0;
  }

  /** The declaration of the options. */
  declaration(): string[] {
    return [
      '/** What the recording held and a file must not: set each with its flag, its variable or in the web UI. */',
      'export const options = defineOptions({',
      ...[...this.#options].map(
        ([option, from]) => `  ${option}: { default: '', secret: true, help: ${quoted(`as in ${from}`)} },`,
      ),
      '});',
    ];
  }
}

/** `this.client.get('/users', { name: '/users' })`, over several lines if it is long. */
export function requestCode(method: string, url: string, options: readonly string[], indent: string): string {
  const call = ofClient.has(method) ? `${method.toLowerCase()}(` : `request(${quoted(method)}, `;
  const tail = options.length === 0 ? '' : `, { ${options.join(', ')} }`;
  const line = `${indent}await this.client.${call}${url}${tail});`;
  if (options.length === 0 || (line.length <= longestLine && !tail.includes('\n'))) return line;
  const rows = options.map((option) => `${indent}  ${option},`);
  return [`${indent}await this.client.${call}${url}, {`, ...rows, `${indent}});`].join('\n');
}

/** The method that makes a request of this kind. */
export function methodCode(call: Call, name: string, secrets: Secrets): string[] {
  const url = urlCode(call.url, (label) => secrets.code(label, `${call.method} ${call.name}`));
  const options: string[] = [];
  if (withBody.has(call.method)) options.push('json: {}');
  if (url !== quoted(call.name)) options.push(`name: ${quoted(call.name)}`);
  return [
    `  /** ${commented(describe(call))} */`,
    `  async ${name}() {`,
    ...secrets.takeOpening(),
    ...(call.variables.length === 0 ? [] : [`    const [${call.variables.join(', ')}] = ${name}Values();`]),
    ...(withBody.has(call.method) ? ['    // TODO: an access log holds no bodies; send what the server expects.'] : []),
    requestCode(call.method, url, options, '    '),
    '  }',
  ];
}

/** How often it came, and what was wrong with it. */
function describe({ method, name, endpoint }: Call): string {
  const { hits, statuses, missing } = endpoint;
  const wrong = [
    [missing, 'not found'],
    [(statuses[4] ?? 0) - missing, missing === 0 ? 'answered 4xx' : 'answered 4xx otherwise'],
    [statuses[5] ?? 0, 'answered 5xx'],
  ] as const;
  const said = wrong.filter(([count]) => count > 0).map(([count, what]) => `${counted(count)} ${what}`);
  return `${method} ${name}: ${counted(hits)} requests${said.length === 0 ? '' : `, ${said.join(', ')}`}.`;
}

/** The table of the values of a request of this kind. */
export function valuesCode(call: Call, name: string): string[] {
  const { method, variables, rows, isWhole, endpoint } = call;
  const which = isWhole
    ? `all that came, and how often`
    : `${counted(rows.reduce((sum, { times }) => sum + times, 0))} of ${counted(endpoint.sample.total)} requests, drawn evenly`;
  const labels = variables.map((label) => `${label}: string`);
  const pieces = rows.map(({ times, values }) => `[${[times, ...values.map(quoted)].join(', ')}]`);
  return [
    `/** ${commented(`${method} ${call.name}: ${which}.`)} */`,
    `const ${name}Values = drawn<[${labels.join(', ')}]>([`,
    packed(pieces, '  '),
    ']);',
  ];
}
