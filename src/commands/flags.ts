import type { Options } from 'yargs';

/** A flag of the command line, with the environment variable that sets it too. */
export interface Flag extends Options {
  /** Locust's variable. */
  readonly env?: string;
  /** Known, so that a command line of Locust's works, but of no effect in a worker: it is for the master. */
  readonly forMaster?: boolean;
  /** May be given several times, each time with one value. */
  readonly isRepeated?: boolean;
}

const text = (describe: string, env?: string, more: Flag = {}): Flag => flag('string', describe, env, more);
const number = (describe: string, env?: string, more: Flag = {}): Flag => flag('number', describe, env, more);
const yes = (describe: string, env?: string, more: Flag = {}): Flag => flag('boolean', describe, env, more);
const master: Flag = { forMaster: true, hidden: true };
/** What is written of a run; under `katydid up` by the master. */
const output: Flag = { forMaster: true, group: 'What is written of a run without a master:' };
const judging: Flag = { group: 'What makes a run without a master fail (exit code 3):' };

function flag(type: 'string' | 'number' | 'boolean', describe: string, env: string | undefined, more: Flag): Flag {
  return { type, describe, requiresArg: type !== 'boolean', ...(env === undefined ? {} : { env }), ...more };
}

/** Flags that say which users there are and how they run. */
export const userFlags: Readonly<Record<string, Flag>> = {
  locustfile: text('The user file: .ts, .mts, .js or .mjs; several with commas, or a folder', 'LOCUST_LOCUSTFILE', {
    alias: 'f',
  }),
  tags: {
    type: 'array',
    string: true,
    alias: 'T',
    env: 'LOCUST_TAGS',
    describe: 'Run only tasks with one of these tags',
  },
  'exclude-tags': {
    type: 'array',
    string: true,
    alias: 'E',
    env: 'LOCUST_EXCLUDE_TAGS',
    describe: 'Run no task with one of these tags',
  },
  processes: number(
    'Load threads, one a core; -1 for all cores that this machine or container allows',
    'LOCUST_PROCESSES',
    { default: 1 },
  ),
  shard: text('Which part of all workers this is, from 0: 2/8', 'KATYDID_SHARD'),
};

/** Flags of what is said and where. */
export const logFlags: Readonly<Record<string, Flag>> = {
  loglevel: text('DEBUG, INFO, WARNING, ERROR or CRITICAL', 'LOCUST_LOGLEVEL', { alias: 'L', default: 'INFO' }),
  logfile: text('Where the log goes, instead of stderr', 'LOCUST_LOGFILE'),
  'log-format': text('text, or json: an object a line', 'KATYDID_LOG_FORMAT', { default: 'text' }),
};

/** How finely a worker tells its master of response times. */
export const precisionFlags: Readonly<Record<string, Flag>> = {
  'response-time-precision': number(
    'Significant digits of response times: 2, as Locust, or 3 for finer percentiles in the master too',
    'KATYDID_RESPONSE_TIME_PRECISION',
    { default: 2 },
  ),
};

/** Flags of a worker. */
export const workerFlags: Readonly<Record<string, Flag>> = {
  worker: yes('Serve a Locust master', 'LOCUST_MODE_WORKER'),
  'master-host': text('Where the master is', 'LOCUST_MASTER_NODE_HOST', { default: '127.0.0.1' }),
  'master-port': number('Its port for workers', 'LOCUST_MASTER_NODE_PORT', { default: 5557 }),
  'max-connect-time': number('Seconds to wait for a master that does not answer; for ever if not given'),
  'health-port': number(
    'Answer /healthz, /readyz and /metrics on this port; without a master, too',
    'KATYDID_HEALTH_PORT',
  ),
  'health-host': text('On this interface only; on all if not given', 'KATYDID_HEALTH_HOST'),
  'reset-stats': yes('Reset the statistics when all users run; give it to the master too', 'LOCUST_RESET_STATS'),
  'exit-code-on-error': number('Exit code of a run with failures or exceptions', 'LOCUST_EXIT_CODE_ON_ERROR', {
    default: 1,
  }),
  'equal-weights': yes('Pick every task equally often'),
  ...precisionFlags,
};

/** Flags that a master, or a run without one, understands. `katydid up` hands them to the master. */
export const masterFlags: Readonly<Record<string, Flag>> = {
  host: text('The system under test: http://localhost:8080', 'LOCUST_HOST', { alias: 'H', forMaster: true }),
  users: number('How many users', 'LOCUST_USERS', { alias: 'u', forMaster: true }),
  'spawn-rate': number('Users started per second', 'LOCUST_SPAWN_RATE', { alias: 'r', forMaster: true }),
  'run-time': text('How long: 300s, 20m, 3h, 1h30m', 'LOCUST_RUN_TIME', { alias: 't', forMaster: true }),
  'stop-timeout': text('Seconds for a running task to end in', 'LOCUST_STOP_TIMEOUT', { alias: 's', forMaster: true }),
  'web-host': text("The web UI's interface", 'LOCUST_WEB_HOST', master),
  'web-port': number("The web UI's port", 'LOCUST_WEB_PORT', { alias: 'P', ...master }),
  'web-base-path': text("The web UI's path", 'LOCUST_WEB_BASE_PATH', master),
  'web-login': yes('Protect the web UI', 'LOCUST_WEB_LOGIN', master),
  'web-host-display-name': text('Shown in the UI', 'LOCUST_WEB_HOST_DISPLAY_NAME', master),
  'tls-cert': text('For the web UI', 'LOCUST_TLS_CERT', master),
  'tls-key': text('For the web UI', 'LOCUST_TLS_KEY', master),
  'build-path': text('Of the web UI', 'LOCUST_BUILD_PATH', master),
  'class-picker': yes('Choose user classes in the web UI', 'LOCUST_USERCLASS_PICKER', master),
  autostart: yes('Start at once, with the web UI', 'LOCUST_AUTOSTART', master),
  autoquit: number('End so many seconds after the test', 'LOCUST_AUTOQUIT', master),
  'expect-workers': number('Wait for so many workers', 'LOCUST_EXPECT_WORKERS', master),
  'expect-workers-max-wait': number('Seconds to wait for them', 'LOCUST_EXPECT_WORKERS_MAX_WAIT', master),
  'enable-rebalancing': yes('Move users when workers come or go', undefined, master),
  'master-bind-host': text('Interface for workers', 'LOCUST_MASTER_BIND_HOST', master),
  'master-bind-port': number('Port for workers', 'LOCUST_MASTER_BIND_PORT', master),
  'config-users': {
    type: 'array',
    string: true,
    describe: 'Attributes of classes, as JSON or a .json file: {"user_class_name": "MyUser", "fixed_count": 2}',
    env: 'LOCUST_CONFIG_USERS',
    forMaster: true,
  },
  csv: text("Locust's CSV files, whose names begin so", 'LOCUST_CSV', output),
  'csv-full-history': yes('A row for each name and second in the history, too', 'LOCUST_CSV_FULL_HISTORY', output),
  'print-stats': yes('Print the statistics while the users run', 'LOCUST_PRINT_STATS', master),
  'only-summary': yes('Print the statistics at the end only', 'LOCUST_ONLY_SUMMARY', output),
  html: text('A report as one page; {u}, {r}, {t} in its name are users, rate, time', 'LOCUST_HTML', output),
  json: yes('The statistics as JSON on stdout', undefined, output),
  'json-file': text('The statistics as JSON in this file; .json is added to its name', undefined, output),
  'skip-log-setup': yes('', 'LOCUST_SKIP_LOG_SETUP', master),
  headless: yes('Run without a master and without a web UI', 'LOCUST_HEADLESS', { forMaster: true }),
  profile: text('A label of the report', undefined, output),
  otel: yes('OpenTelemetry', 'LOCUST_ENABLE_OPENTELEMETRY', master),
};

/** Flags of a run without a master that Locust's master has not. */
export const runFlags: Readonly<Record<string, Flag>> = {
  list: yes('Print the user classes and end', undefined, { alias: 'l' }),
  'show-task-ratio': yes('Print how often each task is chosen and end'),
  'show-task-ratio-json': yes('The same as JSON'),
  shape: text('The load shape, if the user file has several'),
  iterations: number('End when all users together have run so many tasks', 'LOCUST_ITERATIONS', { alias: 'i' }),
  'console-stats-interval': number('Seconds between two tables of statistics', 'LOCUST_CONSOLE_STATS_INTERVAL', {
    ...output,
    default: 2,
  }),
  'fail-if': {
    type: 'array',
    string: true,
    requiresArg: true,
    isRepeated: true,
    env: 'KATYDID_FAIL_IF',
    describe: "p95>500, 'p99(GET /x)>1s', 'fail_ratio>1%', 'rps<100' …; may be given several times",
    ...judging,
  },
  'check-rps': number('Fewer requests per second fail', 'LOCUST_CHECK_RPS', judging),
  'check-fail-ratio': number('A higher part of failures fails, 0 to 1', 'LOCUST_CHECK_FAIL_RATIO', judging),
  'check-avg-response-time': number('A longer average in ms fails', 'LOCUST_CHECK_AVG_RESPONSE_TIME', judging),
  'abort-on-fail': {
    type: 'string',
    describe: 'End the run as soon as one of these fails; judged from so many seconds on (10 if not given)',
    ...judging,
  },
};

/** Where flags may come from too. */
export const configFlags: Readonly<Record<string, Flag>> = {
  config: text('A file of settings: locust.conf or pyproject.toml by syntax; those two are read anyway'),
};

/** All flags of `katydid --worker` and `--headless` that no user file declares. */
export const allFlags: Readonly<Record<string, Flag>> = {
  ...userFlags,
  ...workerFlags,
  ...masterFlags,
  ...runFlags,
  ...configFlags,
  ...logFlags,
};

/** What Locust refuses, or what katydid leaves to Locust: with what to do instead. */
export const refused: Readonly<Record<string, string>> = {
  master: "katydid runs users; the master is Locust's own: run 'locust --master', or 'katydid up' for both at once",
  slave: '--slave is --worker since Locust 1.0',
  'expect-slaves': '--expect-slaves is --expect-workers since Locust 1.0',
  'web-auth': '--web-auth is gone from Locust; it is --web-login now',
  'legacy-ui': '--legacy-ui is gone from Locust',
};
