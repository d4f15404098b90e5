import type { DevicePlatform } from '../../devices/platform.ts';
import { type PlatformName, platformOf } from '../../devices/platforms.ts';
import type { TemplateValues } from '../../devices/template.ts';
import { UsageError } from '../../errors.ts';
import type { DoorName } from './doors.ts';
import { EventsTopic } from './events-topic.ts';

/** How the echo target is to be. All may be left out. */
export interface EchoOptions {
  /** Whose rules the broker plays; `gcp` if not given. */
  readonly platform?: PlatformName | DevicePlatform;
  /** `project`, `region`, `registry` and the like where only these are right; `secret` for tokens of HS256. */
  readonly values?: TemplateValues;
  /** The local registry's file; `deviceregistry.csv` if not given. */
  readonly registry?: string;
  /** Seconds that the clocks of device and broker may differ; as the platform has it if not given. */
  readonly skew?: number;
  /** Interface to listen on; 127.0.0.1 if not given. */
  readonly address?: string;
  /** Where to listen, 0 for any port; MQTT on 1883 only if not given. */
  readonly ports?: Readonly<Partial<Record<DoorName, number>>>;
  /** PEM; for `mqtts` and `wss`. Clients need a certificate of `ca`, if it is given. */
  readonly tls?: { readonly cert?: string | Buffer; readonly key?: string | Buffer; readonly ca?: string | Buffer };
  /** Milliseconds before an answer: always so many, or evenly spread from least to most. */
  readonly delay?: number | readonly [number, number];
  /** Chance that a payload is dropped, 0 to 1. */
  readonly loss?: number;
  /** Drops each n-th payload, in place of `loss`. */
  readonly lossEvery?: number;
  /** The same payloads in a row are lost, and wait as long, with the same seed; 1 if not given. */
  readonly seed?: number;
  /** Whether each payload is a line of the log; so if not given. */
  readonly logsPayloads?: boolean;
  /** Another broker, of which the application is a client: `mqtt://host:1883`. Nothing listens then. */
  readonly broker?: string;
  /** For the other broker; or what devices of the platform `plain` must say. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** What of the options is a platform's default. */
export interface EchoRules {
  readonly platform: DevicePlatform;
  readonly values: TemplateValues;
  readonly skew: number;
  readonly delay: readonly [number, number];
}

/** Clocks that differ by up to 10 minutes are let pass by these. */
const skews: ReadonlyMap<unknown, number> = new Map([
  ['gcp', 600],
  ['clearblade', 600],
]);

/** Checks the options. Throws `UsageError`. */
export function rulesOf(options: EchoOptions): EchoRules {
  const { platform: given = 'gcp', values = {}, skew = skews.get(given) ?? 0, delay = 0 } = options;
  const [least, most] = typeof delay === 'number' ? [delay, delay] : delay;
  if (!(least >= 0 && least <= most && most < 2 ** 31)) {
    throw new UsageError(`the delay is ${least}..${most} ms; 50, or 10..50, is expected`);
  }
  if (!(skew >= 0)) throw new UsageError(`the skew is ${skew} s; 0 or more is expected`);
  const { loss = 0, lossEvery } = options;
  if (!(loss >= 0 && loss <= 1)) throw new UsageError(`the loss is ${loss}; a part from 0 to 1 is expected`);
  if (lossEvery !== undefined && !(Number.isInteger(lossEvery) && lossEvery >= 1)) {
    throw new UsageError(`every ${lossEvery}th payload is to be lost; a whole number from 1 on is expected`);
  }
  const platform = platformOf(given);
  if (options.broker === undefined) checkDoors(platform, options);
  else checkBroker(options.broker, platform, values);
  return { platform, values, skew, delay: [least, most] };
}

function checkBroker(url: string, platform: DevicePlatform, values: TemplateValues): void {
  if (!/^(mqtts?|wss?):\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new UsageError(`the broker is '${url}'; a URL such as mqtt://127.0.0.1:1883 is expected (mqtts, ws, wss)`);
  }
  if (new EventsTopic(platform, values).filter === undefined) {
    const { events } = platform.topics;
    throw new UsageError(`the topic ${events} does not say which device it is; only the embedded broker knows that`);
  }
}

function checkDoors(platform: DevicePlatform, { ports = {}, tls }: EchoOptions): void {
  const secure = (['mqtts', 'wss'] as const).filter((name) => ports[name] !== undefined);
  if (secure.length > 0 && (tls?.cert === undefined || tls.key === undefined)) {
    throw new UsageError(`--${secure[0]} needs a certificate and its key; give --tls-cert and --tls-key (PEM files)`);
  }
  if (secure.length === 0 && tls !== undefined) {
    throw new UsageError('a certificate was given, but nothing to use it for; give --mqtts or --wss');
  }
  if (platform.hasClientCertificate === true && secure.length === 0) {
    throw new UsageError('devices of this platform are known by their certificates; give --mqtts or --wss');
  }
}
