import { readFileSync } from 'node:fs';
import { type PlatformName, platforms } from '../devices/platforms.ts';
import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { type DoorName, doorNames } from '../targets/echo/doors.ts';
import { startEcho } from '../targets/echo/echo.ts';
import type { EchoOptions } from '../targets/echo/options.ts';
import { type Arguments, argumentsOf, check, parser } from './arguments.ts';
import { type Flag, logFlags } from './flags.ts';
import { setUpLog } from './logging.ts';
import { onSignals } from './signals.ts';

const text = (describe: string, more: Flag = {}): Flag => ({ type: 'string', requiresArg: true, describe, ...more });
const number = (describe: string, more: Flag = {}): Flag => ({ type: 'number', requiresArg: true, describe, ...more });
const ways: Flag = { group: 'Where it listens (0 for any free port):' };
const doing: Flag = { group: 'What the application does:' };
const asking: Flag = { group: 'Who is let in:' };

const flags: Readonly<Record<string, Flag>> = {
  mqtt: number('Port for MQTT; 1883 if none of these is given', ways),
  mqtts: number('Port for MQTT over TLS', ways),
  ws: number('Port for websockets, at the path /mqtt', ways),
  wss: number('Port for websockets over TLS, at the path /mqtt', ways),
  'tls-cert': text('Its certificate, a PEM file', ways),
  'tls-key': text("The certificate's key, a PEM file", ways),
  'tls-ca': text('Whose certificates clients must have; or, with --broker, who signed its own', ways),
  address: text('Interface to listen on; 0.0.0.0 for all', { default: '127.0.0.1', ...ways }),
  platform: text(`Whose rules it plays: ${[...platforms.keys()].join(', ')}`, {
    default: 'gcp',
    env: 'LTK_PLATFORM',
    ...asking,
  }),
  registry: text('Public keys of the devices, as katydid devices makes it', {
    default: 'deviceregistry.csv',
    env: 'LTK_DEVICE_REGISTRY',
    ...asking,
  }),
  value: {
    ...text('project=mine, region=…, registry=…, audience=…: the only one that is right; may be given several times'),
    type: 'array',
    string: true,
    isRepeated: true,
    ...asking,
  },
  skew: number('Seconds that clocks may differ; 600 for gcp and clearblade, else 0', asking),
  delay: text('Milliseconds before an answer: 50, or 10..50', { default: '0', ...doing }),
  loss: number('Part of the payloads that is dropped, 0 to 1', doing),
  'loss-every': number('Drop each so many-th payload', doing),
  seed: number('The same payloads are lost with the same seed', { default: 1, ...doing }),
  'no-log-payloads': { type: 'boolean', describe: 'No line of the log for each payload', ...doing },
  broker: text('Be a client of this broker, in place of the embedded one: mqtt://127.0.0.1:1883', doing),
  ...logFlags,
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};

const usage = `katydid target echo

A broker that lets in devices by their tokens, each to its own topics, and an application that answers what they publish.

From the environment:
  KATYDID_MQTT_USERNAME, KATYDID_MQTT_PASSWORD   for --broker, or what devices of the platform plain must say
  KATYDID_TOKEN_SECRET                           what tokens of HS256 are signed with
  LTK_PLATFORM, LTK_DEVICE_REGISTRY              --platform, --registry
  LTK_TARGET_PROJECT_ID, _REGION, _REGISTRY_ID   --value project=…, region=…, registry=…`;

type Environment = Readonly<Record<string, string | undefined>>;

/** `katydid target echo`. */
export async function targetEcho(argv: readonly string[]): Promise<number> {
  const args = await argumentsOf(parser(argv, flags).usage(usage));
  if (args === undefined) return 0;
  if (args.port !== undefined) {
    throw new UsageError(
      `target echo has no --port; it has one for each way in: --mqtt ${args.port}, --mqtts, --ws, --wss`,
    );
  }
  check(args, flags);
  const [, surplus] = args._;
  if (surplus !== undefined) throw new UsageError(`target echo has no use for '${surplus}'; its flags begin with --`);
  setUpLog(args);
  const ended = new Promise<undefined>((resolve) => onSignals(() => resolve(undefined)));
  // A broker that cannot be reached is waited for, but not longer than it is wanted.
  const echo = await Promise.race([startEcho(echoOptions(args, process.env)), ended]);
  for (const url of echo?.urls ?? []) log.info(`target echo listens on ${url}`);
  await ended;
  await echo?.close();
  return 0;
}

/** What the command line and the environment ask for. */
export function echoOptions(args: Arguments, env: Environment): EchoOptions {
  const ports = portsOf(args);
  if (args.broker !== undefined && ports !== undefined) {
    throw new UsageError('with --broker nothing listens here; leave out --mqtt, --mqtts, --ws and --wss');
  }
  if (args.loss !== undefined && args.lossEvery !== undefined) {
    throw new UsageError('--loss and --loss-every were both given; one is possible');
  }
  const numbers = { skew: args.skew, loss: args.loss, lossEvery: args.lossEvery, seed: args.seed };
  return {
    ...(Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined)) as EchoOptions),
    platform: String(args.platform) as PlatformName,
    registry: String(args.registry),
    address: String(args.address),
    values: valuesOf(args, env),
    delay: delayOf(String(args.delay)),
    logsPayloads: args.noLogPayloads !== true,
    // What is left empty was not given.
    username: env.KATYDID_MQTT_USERNAME || undefined,
    password: env.KATYDID_MQTT_PASSWORD || undefined,
    ...(ports === undefined ? {} : { ports }),
    ...(args.broker === undefined ? {} : { broker: String(args.broker) }),
    ...tlsOf(args),
  };
}

function portsOf(args: Arguments): EchoOptions['ports'] {
  const given = doorNames.filter((name) => args[name] !== undefined);
  if (given.length === 0) return undefined;
  const ports: Partial<Record<DoorName, number>> = {};
  for (const name of given) {
    const port = Number(args[name]);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new UsageError(`--${name} is ${port}; a port from 0 to 65535 is expected`);
    }
    ports[name] = port;
  }
  return ports;
}

function valuesOf(args: Arguments, env: Environment): Record<string, string> {
  const given = {
    project: env.LTK_TARGET_PROJECT_ID,
    region: env.LTK_TARGET_REGION,
    registry: env.LTK_TARGET_REGISTRY_ID,
    secret: env.KATYDID_TOKEN_SECRET,
  };
  const pairs = [args.value ?? []].flat().map((pair) => {
    const [, name, value] = /^(\w+)=(.+)$/s.exec(String(pair)) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`--value is '${String(pair)}'; a name and a text are expected: project=mine`);
    }
    return [name, value] as const;
  });
  const all = [...Object.entries(given), ...pairs].filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(all) as Record<string, string>;
}

function delayOf(given: string): readonly [number, number] {
  const [, least, most = least] = /^(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?$/.exec(given) ?? [];
  if (least === undefined) throw new UsageError(`--delay is '${given}'; milliseconds are expected: 50, or 10..50`);
  return [Number(least), Number(most)];
}

function tlsOf({ tlsCert, tlsKey, tlsCa, broker }: Arguments): Pick<EchoOptions, 'tls'> {
  if (tlsCert === undefined && tlsKey === undefined && tlsCa === undefined) return {};
  const ca = tlsCa === undefined ? {} : { ca: read('tls-ca', tlsCa) };
  if (tlsCert === undefined || tlsKey === undefined) {
    if (broker !== undefined && tlsCert === tlsKey) return { tls: ca };
    throw new UsageError('a certificate and its key are needed: --tls-cert and --tls-key (PEM files)');
  }
  return { tls: { cert: read('tls-cert', tlsCert), key: read('tls-key', tlsKey), ...ca } };
}

function read(flag: string, path: unknown): Buffer {
  try {
    return readFileSync(String(path));
  } catch (thrown) {
    throw new UsageError(`--${flag} cannot be read: ${(thrown as Error).message}`);
  }
}
