import { basename } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { UsageError } from '../errors.ts';
import { masterUrl } from './master-url.ts';
import { Section } from './section.ts';
import {
  type GateSettings,
  type MasterSettings,
  type MatrixRow,
  oneScale,
  type ScaleSettings,
  type StudySettings,
  usualGates,
  usualLimits,
  usualTimes,
  type Variant,
} from './settings.ts';

/** The path that Locust's own example of a login listens on. */
export const usualLoginPath = '/login_submit';
const usualDuration = 30;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a study's settings. `${NAME}` stands for a variable of `env`, `${NAME:-usual}` for it or else for `usual`. What is wrong is a `UsageError` with its line. */
export function readStudy(text: string, file: string, env: Environment): StudySettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [problem] = document.errors;
  if (problem !== undefined)
    throw new UsageError(`${file}:${problem.linePos?.[0].line ?? 1}: ${problem.message.split('\n')[0]}`);
  const whole = new Section({ file, lines, env }, document.contents, '');
  const variants = variantsOf(whole);
  const scale = scaleOf(whole, variants === undefined ? undefined : [...variants.keys()]);
  const marks = marksOf(whole, scale, variants === undefined ? 'scale.values' : 'variants');
  const wait = whole.seconds('wait');
  const settings: StudySettings = {
    name: whole.text('name') ?? basename(file).replace(/\.ya?ml$/, ''),
    master: masterOf(whole),
    locustfile: whole.texts('locustfile')?.join(',') ?? null,
    processes: whole.whole('processes', -1) ?? 1,
    host: whole.text('host') ?? null,
    userClasses: whole.texts('user-classes') ?? [],
    options: whole.section('options').entries(),
    ...(variants === undefined ? {} : { variants: Object.fromEntries(variants) }),
    scale,
    marks,
    repeats: whole.whole('repeats') ?? 1,
    warmUp: whole.seconds('warm-up') ?? usualTimes.warmUp,
    settle: whole.seconds('settle') ?? usualTimes.settle,
    drain: whole.seconds('drain') ?? usualTimes.drain,
    limits: limitsOf(whole.section('limits')),
    gates: gatesOf(whole.section('gates')),
    ...(wait === undefined ? {} : { wait }),
    whenDead: whole.choice('when-dead', ['go on', 'stop']) ?? 'go on',
  };
  whole.done();
  return settings;
}

function masterOf(file: Section): MasterSettings | null {
  const url = file.text('master');
  const login = file.section('login');
  const tls = file.section('tls');
  const headers = file.section('headers').entries();
  const username = login.text('username');
  const password = login.text('password');
  const kind = login.choice('kind', ['basic', 'form']) ?? 'basic';
  const path = login.text('path') ?? usualLoginPath;
  const ca = tls.text('ca');
  const isInsecure = tls.yes('insecure');
  login.done();
  tls.done();
  if (url === undefined) {
    for (const key of ['login', 'tls', 'headers'])
      if (file.has(key)) file.refuse(key, `${key} is for a master, but there is none`);
    return null;
  }
  const given = masterUrl(url);
  if (given === undefined)
    return file.refuse('master', `master is '${url}'; a URL such as http://localhost:8089 is expected`);
  if (file.has('login') && (username === undefined || password === undefined))
    file.refuse('login', 'login needs both username and password');
  if (!path.startsWith('/'))
    login.refuse('path', `login.path is '${path}'; a path such as ${usualLoginPath} is expected`);
  return {
    ...given,
    ...(username === undefined || password === undefined ? {} : { login: { kind, username, password, path } }),
    headers,
    ...(ca === undefined ? {} : { ca }),
    isInsecure,
  };
}

/** In the order of the file. undefined: there are none. */
function variantsOf(file: Section): ReadonlyMap<string, Partial<Variant>> | undefined {
  if (!file.has('variants')) return undefined;
  const named = file.section('variants').named();
  if (named.length === 0) file.refuse('variants', 'variants has no variant');
  const given = named.map(([name, section]) => {
    const [host, userClasses] = [section.text('host'), section.texts('user-classes')];
    const options = section.section('options').entries();
    section.done();
    return [
      name,
      { ...(host === undefined ? {} : { host }), ...(userClasses === undefined ? {} : { userClasses }), options },
    ] as const;
  });
  tellForgotten(file, given, named);
  return new Map(given);
}

/** A master keeps the host and the options that it was told last: what one variant says, and the next one does not, would stay. */
function tellForgotten(
  file: Section,
  given: readonly (readonly [name: string, variant: Partial<Variant>])[],
  sections: readonly (readonly [name: string, section: Section])[],
): void {
  const keysOf = ({ host, options = {} }: Partial<Variant>): readonly string[] => [
    ...(host === undefined ? [] : ['host']),
    ...Object.keys(options).map((option) => `options.${option}`),
  ];
  const host = file.text('host');
  const common = keysOf({ ...(host === undefined ? {} : { host }), options: file.section('options').entries() });
  for (const [teller, variant] of given) {
    for (const key of keysOf(variant)) {
      const at = common.includes(key) ? -1 : given.findIndex(([, other]) => !keysOf(other).includes(key));
      const [name, section] = sections[at] ?? [];
      section?.refuse(key, `variants.${name} lacks ${key}, which ${teller} has; give it to all, or to the whole study`);
    }
  }
}

/** `names`: of the variants, if there are any. */
function scaleOf(file: Section, names: readonly string[] | undefined): ScaleSettings {
  const section = file.section('scale');
  const [command, ready, down] = [section.text('command'), section.text('ready'), section.text('down')];
  if (names !== undefined && section.has('values'))
    section.refuse('values', 'scale.values and variants exclude each other: the names of the variants are the values');
  const values = names ?? section.scales('values') ?? oneScale.values;
  if (new Set(values).size < values.length) section.refuse('values', 'scale.values has a value twice');
  const scale: ScaleSettings = {
    values,
    ...(command === undefined ? {} : { command }),
    ...(ready === undefined ? {} : { ready }),
    readyTimeout: section.seconds('timeout') ?? oneScale.readyTimeout,
    pause: section.seconds('pause') ?? oneScale.pause,
    ...(down === undefined ? {} : { down }),
  };
  section.done();
  return scale;
}

function marksOf(file: Section, { values }: ScaleSettings, what: string): readonly MatrixRow[] {
  const rows = file.sections('marks');
  if (rows === undefined) return file.refuse('marks', 'marks are missing: a list of rows with users and duration');
  return rows.map((row): MatrixRow => {
    const scales = row.scales('scales')?.map((given) => {
      // A variant may have a number for a name.
      const found = values.find((value) => String(value) === String(given));
      return found ?? row.refuse('scales', `${given} is none of ${what} (${values.join(', ')})`);
    });
    const users = row.wholes('users') ?? row.refuse('users', 'a row of marks needs users: [1, 2, 5, 10]');
    const spawnRates = row.numbers('spawn-rate') ?? [1];
    if (spawnRates.some((rate) => rate === 0)) row.refuse('spawn-rate', 'spawn-rate must be more than 0');
    const duration = row.seconds('duration') ?? usualDuration;
    if (duration < 1) row.refuse('duration', 'duration must be 1s or more');
    row.done();
    return { ...(scales === undefined ? {} : { scales }), users, spawnRates, duration };
  });
}

function limitsOf(section: Section): StudySettings['limits'] {
  const ms = (key: string): number | undefined => {
    const seconds = section.seconds(key);
    return seconds === undefined ? undefined : seconds * 1000;
  };
  const limits = {
    failRatio: section.part('failures') ?? usualLimits.failRatio,
    ...{ median: ms('median'), p95: ms('p95'), p99: ms('p99') },
  };
  section.done();
  return limits;
}

function gatesOf(section: Section): GateSettings {
  const workers = section.whole('workers');
  const lag = section.seconds('lag');
  const gates: GateSettings = {
    cpu: section.number('cpu') ?? usualGates.cpu,
    lag: lag === undefined ? usualGates.lag : lag * 1000,
    spread: section.part('spread') ?? usualGates.spread,
    tries: section.whole('tries') ?? usualGates.tries,
    ...(workers === undefined ? {} : { workers }),
  };
  section.done();
  return gates;
}
