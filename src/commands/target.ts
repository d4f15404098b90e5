import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { httpListener } from '../targets/http-listener.ts';
import type { Listener } from '../targets/listener.ts';
import { website } from '../targets/website.ts';
import { nearest } from '../words.ts';
import { type Arguments, check, parser } from './arguments.ts';
import { type Flag, logFlags } from './flags.ts';
import { setUpLog } from './logging.ts';

/** The flags that say on which port something listens. */
type PortFlag = 'port' | 'rest' | 'grpc' | 'mqtt';

/** What a target listens with, and the port that it has unless told otherwise. */
interface Entrance {
  readonly flag: PortFlag;
  readonly port: number;
  readonly make: () => Listener | Promise<Listener>;
}

/** Libraries that only one target needs are loaded with it. */
const targets: ReadonlyMap<string, readonly Entrance[]> = new Map([
  ['website', [{ flag: 'port', port: 8080, make: () => httpListener(website()) }]],
  [
    'classifier',
    [
      {
        flag: 'rest',
        port: 8000,
        make: async () => httpListener((await import('../targets/classifier/rest.ts')).classifierRest()),
      },
      {
        flag: 'grpc',
        port: 50051,
        make: async () => (await import('../targets/classifier/grpc.ts')).classifierGrpc(),
      },
    ],
  ],
  [
    'batch',
    [
      {
        flag: 'port',
        port: 5001,
        make: async () => httpListener((await import('../targets/batch/batch.ts')).batchServer()),
      },
    ],
  ],
  [
    'model',
    [
      {
        flag: 'port',
        port: 8000,
        make: async () => httpListener((await import('../targets/model/model.ts')).modelServer()),
      },
    ],
  ],
  ['echo', [{ flag: 'mqtt', port: 1883, make: async () => (await import('../targets/echo/echo.ts')).echoListener() }]],
]);

/** Targets with flags of their own. */
const ownFlags: ReadonlyMap<string, () => Promise<(argv: readonly string[]) => Promise<number>>> = new Map([
  ['echo', async () => (await import('./target-echo.ts')).targetEcho],
  ['batch', async () => (await import('./target-batch.ts')).targetBatch],
  ['model', async () => (await import('./target-model.ts')).targetModel],
]);

/** Seconds for what was begun when the target is to end. */
const grace = 5;

const flags: Readonly<Record<string, Flag>> = {
  ...logFlags,
  port: portFlag('Port, of targets that have one only; the usual one if not given', { alias: 'p' }),
  rest: portFlag("Port of the classifier's REST API; 8000 if not given"),
  grpc: portFlag("Port of the classifier's gRPC API; 50051 if not given"),
  'no-rest': { type: 'boolean', describe: 'Without the REST API' },
  'no-grpc': { type: 'boolean', describe: 'Without the gRPC API' },
  address: {
    type: 'string',
    requiresArg: true,
    default: '127.0.0.1',
    describe: 'Interface to listen on; 0.0.0.0 for all',
  },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};

function portFlag(describe: string, more: Flag = {}): Flag {
  return { type: 'number', requiresArg: true, describe: `${describe}; 0 for any that is free`, ...more };
}

/** Where a target shall listen, by flag: a port, or `false` if not at all; the usual one if nothing is said. */
export type Ports = Readonly<Partial<Record<PortFlag, number | false>>>;

/** An embedded system under test that listens. */
export interface RunningTarget {
  /** By flag: `http://127.0.0.1:8080`, `mqtt://127.0.0.1:1883`, or `127.0.0.1:50051` where gRPC is spoken. */
  readonly urls: ReadonlyMap<string, string>;
  /** What its users have for a host; undefined where that depends on what they speak. */
  readonly host: string | undefined;
  close(): Promise<void>;
}

/** Starts the target of this name. A port that is taken is an error, unless any will do, for a target that has only one. */
export async function startTarget(
  name: string,
  address: string,
  ports: Ports = {},
  anyPort = false,
): Promise<RunningTarget> {
  const known = targets.get(name);
  if (known === undefined) {
    const names = [...targets.keys()];
    const meant = nearest(name, names);
    const hint = meant === undefined ? `there are ${names.join(', ')}` : `did you mean '${meant}'?`;
    throw new UsageError(`there is no target '${name}'; ${hint}`);
  }
  const chosen = known.filter(({ flag }) => ports[flag] !== false);
  checkPorts(name, known, ports);
  const listeners: Listener[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.close(grace)));
  };
  const urls = new Map<string, string>();
  try {
    for (const { flag, port: usual, make } of chosen) {
      const listener = await make();
      const given = ports[flag];
      const wanted = typeof given === 'number' ? given : usual;
      const port = await listen(listener, address, wanted, anyPort && known.length === 1).catch((thrown: Error) => {
        const at = `${address}:${wanted}`;
        throw new UsageError(`target ${name} cannot listen on ${at}: ${thrown.message}; give another --${flag}`);
      });
      listeners.push(listener);
      urls.set(flag, urlOf(listener, address, port));
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { urls, host: known.length === 1 ? [...urls.values()][0] : undefined, close };
}

/** Refuses ports that the target does not have, and a target without any. */
function checkPorts(name: string, known: readonly Entrance[], ports: Ports): void {
  const names = known.map(({ flag }) => flag);
  const [wrong, port] = Object.entries(ports).find(([flag]) => !names.includes(flag as PortFlag)) ?? [];
  if (wrong !== undefined) {
    const flag = port === false ? `no-${wrong}` : wrong;
    throw new UsageError(`target ${name} has no --${flag}; it has ${names.map((own) => `--${own}`).join(' and ')}`);
  }
  if (names.every((flag) => ports[flag] === false)) {
    throw new UsageError(
      `target ${name} has nothing left to listen with; leave out one of --no-${names.join(', --no-')}`,
    );
  }
  for (const [flag, value] of Object.entries(ports)) {
    if (value === false || (Number.isInteger(value) && value >= 0 && value <= 65_535)) continue;
    throw new UsageError(`--${flag} is ${value}; a port from 0 to 65535 is expected`);
  }
}

async function listen(listener: Listener, address: string, port: number, anyPort: boolean): Promise<number> {
  try {
    return await listener.listen(address, port);
  } catch (thrown) {
    if (!anyPort || (thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
    return listener.listen(address, 0);
  }
}

function urlOf({ protocol }: Listener, address: string, port: number): string {
  const at = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  return protocol === 'grpc' ? at : `${protocol}://${at}`;
}

/** Says where it listens. */
export function logTarget(name: string, { urls }: RunningTarget): void {
  for (const [flag, url] of urls) log.info(`target ${name} listens on ${url}${urls.size > 1 ? ` (${flag})` : ''}`);
}

/** `katydid target website`: a system to try katydid on. */
export async function target(argv: readonly string[]): Promise<number> {
  const line = parser(argv, flags).usage(
    `katydid target NAME\n\nA system under test: ${[...targets.keys()].join(', ')}`,
  );
  const args = line.parseSync() as Arguments;
  const [name] = args._.map(String);
  const own = ownFlags.get(argv[0] ?? '') ?? ownFlags.get(name ?? '');
  if (own !== undefined) return (await own())(argv);
  if (args.help === true || name === undefined) {
    process.stdout.write(`${await line.getHelp()}\n`);
    return name === undefined && args.help !== true ? 2 : 0;
  }
  check(args, flags);
  setUpLog(args);
  const running = await startTarget(name, String(args.address), portsOf(args));
  logTarget(name, running);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await running.close();
  return 0;
}

function portsOf(args: Arguments): Ports {
  const ports: Partial<Record<PortFlag, number | false>> = {};
  for (const flag of ['port', 'rest', 'grpc'] as const) {
    if (args[flag] !== undefined) ports[flag] = Number(args[flag]);
    if (args[`no-${flag}`] === true) ports[flag] = false;
  }
  return ports;
}
