import { isIP } from 'node:net';
import type { IClientOptions } from 'mqtt';
import type { Device } from '../devices/device.ts';
import type { Login } from '../devices/login.ts';
import type { DevicePlatform } from '../devices/platform.ts';
import { checkPlatform } from '../devices/platform-check.ts';
import { type PlatformName, platformOf, platforms } from '../devices/platforms.ts';
import { fillIn, type TemplateValues } from '../devices/template.ts';
import { UsageError } from '../errors.ts';
import type { Environment } from '../user/environment.ts';
import { contextOf, type TlsOptions } from '../user/tls.ts';
import type { BackOff } from './back-off.ts';
import { type Broker, brokerOf } from './broker.ts';
import { ConnectRate } from './connect-rate.ts';
import { DeviceSource, type Devices } from './device-source.ts';
import { mqtt } from './library.ts';
import type { Qos } from './message.ts';
import { checkQos, checkSeconds } from './options.ts';
import type { Way } from './socket.ts';
import { IncomingStore, outgoingStore } from './stores.ts';

/** What the broker publishes for a device that is lost. `{device}` in its texts is the device's id, or the client's. */
export interface Will {
  readonly topic: string;
  readonly payload: string;
  /** 0 if not given. */
  readonly qos?: Qos | undefined;
  readonly retain?: boolean | undefined;
  /** MQTT 5. */
  readonly properties?: NonNullable<IClientOptions['will']>['properties'];
}

/** Properties of CONNECT in MQTT 5: `sessionExpiryInterval`, `receiveMaximum` … */
export type ConnectProperties = Omit<
  NonNullable<IClientOptions['properties']>,
  'authenticationMethod' | 'authenticationData'
>;

/** What a class of users says of itself. */
export interface MqttStatics {
  readonly name: string;
  readonly host: string | undefined;
  readonly platform: PlatformName | DevicePlatform;
  readonly platformValues: TemplateValues;
  readonly devices: Devices | undefined;
  readonly protocolVersion: 4 | 5 | undefined;
  readonly keepalive: number | undefined;
  readonly clean: boolean;
  readonly properties: ConnectProperties | undefined;
  readonly tls: TlsOptions | undefined;
  readonly will: Will | undefined;
  readonly connectRate: number | undefined;
  readonly localAddress: string | readonly string[] | undefined;
  readonly timeout: number;
  readonly reconnect: Partial<BackOff> | false;
  readonly noDelay: boolean;
}

const usualBackOff: BackOff = { first: 1, max: 32 };
/** MQTT 5's word for a session that does not end with its connection, as those of 3.1.1 do not. */
const never = 0xffff_ffff;

/** What the users of one class share in one load thread. Throws `UsageError` if the class cannot be used. */
export class MqttSettings {
  readonly platform: DevicePlatform;
  /** It says nothing of who a client is: the user class does. */
  readonly isPlain: boolean;
  readonly values: TemplateValues;
  readonly devices: DeviceSource | undefined;
  readonly version: 4 | 5;
  /** Seconds. */
  readonly timeout: number;
  readonly backOff: BackOff | undefined;
  /** Hosts without a scheme are spoken to over TLS. */
  readonly hasTls: boolean;
  readonly #statics: MqttStatics;
  readonly #localAddresses: readonly string[];
  #turn = 0;
  #rate: ConnectRate | undefined = undefined;

  /** `folders`: where relative paths are looked for. */
  constructor(statics: MqttStatics, folders: readonly string[]) {
    const { name, platform, platformValues, devices, timeout, reconnect, tls, protocolVersion, localAddress } = statics;
    this.#statics = statics;
    this.values = platformValues;
    this.platform = inClass(name, () => {
      const found = platformOf(platform);
      checkPlatform(found, platformValues);
      return found;
    });
    this.isPlain = this.platform === platforms.get('plain');
    this.version = protocolVersion ?? this.platform.protocolVersions[0] ?? 4;
    this.timeout = timeout;
    this.backOff = reconnect === false ? undefined : { ...usualBackOff, ...reconnect };
    this.hasTls = tls !== undefined || this.platform.hasClientCertificate === true;
    this.#localAddresses = localAddress === undefined ? [] : [localAddress].flat();
    check(this, statics);
    // Not while the first user connects, whose time it would be.
    mqtt();
    if (tls !== undefined) inClass(name, () => contextOf(tls));
    if (devices !== undefined) this.devices = new DeviceSource(devices, folders, name);
    else if (!this.isPlain) {
      throw new UsageError(`${name} has no devices; its platform needs them: static devices = 'devicelist.csv'`);
    }
  }

  brokerOf(host: string | undefined): Broker {
    return brokerOf(host, this.hasTls);
  }

  /** Undefined if connections begin as they come. */
  rateIn({ shard }: Environment): ConnectRate | undefined {
    const { connectRate } = this.#statics;
    if (connectRate === undefined) return undefined;
    this.#rate ??= new ConnectRate(connectRate / shard.count);
    return this.#rate;
  }

  wayTo(host: string | undefined, device: Device | undefined): Way {
    const { noDelay } = this.#statics;
    const addresses = this.#localAddresses;
    return {
      broker: this.brokerOf(host),
      tls: this.#tlsOf(device),
      localAddress: addresses.length === 0 ? undefined : addresses[this.#turn++ % addresses.length],
      noDelay,
      timeoutMilliseconds: this.timeout * 1000,
    };
  }

  /** A device's own certificate wins over the class's. */
  #tlsOf(device: Device | undefined): TlsOptions | undefined {
    const { tls } = this.#statics;
    if (device?.certificate === undefined || this.platform.hasClientCertificate !== true) return tls;
    return { ...tls, cert: device.certificate, key: device.privateKey };
  }

  /** What mqtt.js is told, for one connection. */
  clientOptions(login: Login, device: string): IClientOptions {
    const { clean, keepalive, properties } = this.#statics;
    const { clientId, username, password, authenticationMethod, authenticationData } = login;
    const options: IClientOptions = {
      log: ignore,
      protocolId: 'MQTT',
      protocolVersion: this.version,
      clientId,
      clean,
      keepalive: keepalive ?? this.platform.keepalive,
      connectTimeout: this.timeout * 1000,
      // Each connection is made by katydid, with a login of its own.
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      // The time of the next ping would be set anew for each packet.
      reschedulePings: false,
      timerVariant: 'native',
      outgoingStore,
      incomingStore: new IncomingStore(),
    };
    if (username !== undefined) options.username = username;
    if (password !== undefined) options.password = password;
    const will = this.#willOf(device);
    if (will !== undefined) options.will = will;
    if (this.version === 5) {
      options.properties = { ...(clean ? {} : { sessionExpiryInterval: never }), ...properties };
      if (authenticationMethod !== undefined) options.properties.authenticationMethod = authenticationMethod;
      if (authenticationData !== undefined) options.properties.authenticationData = Buffer.from(authenticationData);
    }
    return options;
  }

  /** Whether the broker still has the subscriptions of the connection before. */
  keepsSession(isSessionPresent: boolean): boolean {
    return !this.#statics.clean && isSessionPresent;
  }

  #willOf(device: string): IClientOptions['will'] {
    const { will } = this.#statics;
    if (will === undefined) return undefined;
    const { topic, payload, qos = 0, retain = false, properties } = will;
    const values = { ...this.values, device };
    return {
      topic: fillIn(topic, values),
      payload: Buffer.from(fillIn(payload, values)),
      qos,
      retain,
      ...(properties === undefined ? {} : { properties }),
    };
  }
}

function ignore(): void {}

/** Says of which class it speaks. */
function inClass<T>(name: string, find: () => T): T {
  try {
    return find();
  } catch (thrown) {
    if (thrown instanceof UsageError) throw new UsageError(`${name}: ${thrown.message}`, { cause: thrown });
    throw thrown;
  }
}

function check({ platform, version, backOff, hasTls }: MqttSettings, statics: MqttStatics): void {
  const { name, host, keepalive, timeout, connectRate, localAddress, will, protocolVersion } = statics;
  if (host) inClass(name, () => brokerOf(host, hasTls));
  if (!platform.protocolVersions.includes(version)) {
    const versions = platform.protocolVersions.map((each) => (each === 4 ? '4 (MQTT 3.1.1)' : '5')).join(' or ');
    throw new UsageError(
      protocolVersion === 4 || protocolVersion === 5
        ? `${name}.protocolVersion is ${protocolVersion}; its platform speaks ${versions}`
        : `${name}.protocolVersion is ${String(protocolVersion)}; ${versions} is expected`,
    );
  }
  if (keepalive !== undefined && !(Number.isInteger(keepalive) && keepalive >= 0 && keepalive <= 65_535)) {
    throw new UsageError(
      `${name}.keepalive is ${String(keepalive)}; whole seconds up to 65535 are expected, or 0 for none`,
    );
  }
  checkSeconds(timeout, `${name}.timeout`);
  if (connectRate !== undefined && !(connectRate > 0 && Number.isFinite(connectRate))) {
    throw new UsageError(
      `${name}.connectRate is ${String(connectRate)}; connections a second are expected, such as 50`,
    );
  }
  for (const address of localAddress === undefined ? [] : [localAddress].flat()) {
    if (isIP(address) === 0) {
      throw new UsageError(`${name}.localAddress is '${String(address)}'; addresses such as '10.0.0.2' are expected`);
    }
  }
  if (backOff !== undefined && !(backOff.first > 0 && backOff.max >= backOff.first)) {
    throw new UsageError(
      `${name}.reconnect is ${JSON.stringify(statics.reconnect)}; { first: 1, max: 32 }, in seconds, or false is expected`,
    );
  }
  if (will !== undefined) checkQos(will.qos ?? 0, platform.maxQos, `${name}.will.qos`);
}
