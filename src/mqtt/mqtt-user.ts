// MQTT: a user class and its client; connections are made by mqtt.js, operations timed and counted one by one.
import { randomBytes } from 'node:crypto';
import type { Device } from '../devices/device.ts';
import type { DevicePlatform } from '../devices/platform.ts';
import type { PlatformName } from '../devices/platforms.ts';
import { fillIn, type TemplateValues } from '../devices/template.ts';
import { UsageError } from '../errors.ts';
import type { Environment } from '../user/environment.ts';
import type { TlsOptions } from '../user/tls.ts';
import { User, type UserClass } from '../user/user.ts';
import type { BackOff } from './back-off.ts';
import { brokerOf } from './broker.ts';
import { MqttClient } from './client.ts';
import type { Devices } from './device-source.ts';
import type { ConnectedUser } from './dialer.ts';
import type { Qos } from './message.ts';
import { type MqttKind, templateOf } from './names.ts';
import { type ConnectProperties, MqttSettings, type Will } from './settings.ts';

/**
 * A user with an MQTT client and one connection. Operations are counted as `MQTT` and `connect`,
 * `publish:0:/devices/{id}/events` and the like, as Locust names them. With a `platform` each user is a device: it leases
 * one of `devices`, and logs in with a fresh token of its own before each connect.
 *
 * @example
 * export class Sensor extends MqttUser {
 *   static host = 'mqtts://broker.example.com';
 *   static tasks = { report: 1 } satisfies Tasks<Sensor>;
 *   async onStart() {
 *     await this.client.connect();
 *   }
 *   async report() {
 *     await this.client.publish(`sensors/${this.clientId}`, JSON.stringify({ celsius: 21 }), { qos: 1 });
 *   }
 * }
 */
export class MqttUser extends User implements ConnectedUser {
  static override abstract: boolean = true;
  static override readonly needsHost: boolean = true;
  /** How devices log in: `gcp`, `emqx` … or an object; `plain` leaves it to `clientId`, `username` and `password`. */
  static platform: PlatformName | DevicePlatform = 'plain';
  /** What stands in braces in the platform's texts: `{ project: 'p', region: 'r', registry: 'g' }`. */
  static platformValues: TemplateValues = {};
  /** A device list beside the user file or in the working folder, a list, or a feeder; each user has one of them. */
  static devices: Devices | undefined = undefined;
  /** 4 is MQTT 3.1.1; the platform's usual one if not given. */
  static protocolVersion: 4 | 5 | undefined = undefined;
  /** Seconds of silence after which the broker is pinged; the platform's if not given, 0 for none. */
  static keepalive: number | undefined = undefined;
  /** Whether a session ends with its connection. */
  static clean: boolean = true;
  /** Of CONNECT, in MQTT 5. */
  static properties: ConnectProperties | undefined = undefined;
  /** Hosts without a scheme are spoken to over TLS then. */
  static tls: TlsOptions | undefined = undefined;
  /** What the broker publishes if the connection is lost. */
  static will: Will | undefined = undefined;
  /** Connections a second, of all load threads together, whatever the spawn rate is; of all workers with `--shard`. */
  static connectRate: number | undefined = undefined;
  /** Addresses of this machine, in turn: one address has ports for some 28,000 to 64,000 connections to one broker. */
  static localAddress: string | readonly string[] | undefined = undefined;
  /** Seconds until CONNACK, and until each acknowledgement or answer. */
  static timeout: number = 30;
  /** Seconds between two tries to connect: the first pause is doubled each time, up to `max`. `false` for one try only. */
  static reconnect: Partial<BackOff> | false = { first: 1, max: 32 };
  /** Packets leave at once; otherwise acknowledgements are held back for up to 40 ms (Nagle). */
  static noDelay: boolean = true;

  readonly client: MqttClient;
  #device: Device | undefined = undefined;
  #clientId: string | undefined = undefined;

  constructor(environment: Environment) {
    super(environment);
    this.client = new MqttClient(this, settingsOf(this.constructor as typeof MqttUser));
  }

  /** Finds what is wrong with the class when its file is loaded; relative paths are looked for in `folders`. */
  static checkClass(userClass: UserClass, folders: readonly string[]): void {
    const mqttClass = userClass as unknown as typeof MqttUser;
    settings.set(mqttClass, new MqttSettings(mqttClass, [...folders, process.cwd()]));
  }

  static checkHost(host: string): void {
    brokerOf(host, false);
  }

  /** The device that this user is: its own from now until it ends. */
  get device(): Device {
    if (this.#device === undefined) {
      const { devices } = settingsOf(this.constructor as typeof MqttUser);
      if (devices === undefined) {
        throw new UsageError(`${this.constructor.name} has no devices; write static devices = 'devicelist.csv'`);
      }
      this.#device = devices.feeder.take(this);
    }
    return this.#device;
  }

  /** What the platform says; without devices one of its own. To be overridden for the platform `plain`. */
  get clientId(): string {
    if (this.#clientId === undefined) {
      const { devices, platform, values } = settingsOf(this.constructor as typeof MqttUser);
      this.#clientId =
        devices === undefined ? nextClientId() : fillIn(platform.clientId, { ...values, device: this.device.id });
    }
    return this.#clientId;
  }

  /** Of the platform `plain`; asked before each connect. */
  get username(): string | undefined {
    return undefined;
  }

  /** Of the platform `plain`; asked before each connect. */
  get password(): string | undefined {
    return undefined;
  }

  /**
   * Under which an operation is counted: Locust's names, with `{id}` for the level of the topic that is this device, or
   * this client. Asked once for each topic. `topic` is empty where there is none.
   *
   * @example nameOf(kind) { return kind; } // connect, publish …
   */
  nameOf(kind: MqttKind, qos: Qos, topic: string): string {
    if (topic === '') return kind;
    const { devices } = settingsOf(this.constructor as typeof MqttUser);
    const template = templateOf(topic, devices === undefined ? this.clientId : this.device.id);
    return kind === 'unsubscribe' ? `${kind}:${template}` : `${kind}:${qos}:${template}`;
  }
}

const settings = new WeakMap<typeof MqttUser, MqttSettings>();

/** One object a class, not one a user. Not the host: the web UI may change it between two tests. */
function settingsOf(userClass: typeof MqttUser): MqttSettings {
  let known = settings.get(userClass);
  if (known === undefined) {
    known = new MqttSettings(userClass, [process.cwd()]);
    settings.set(userClass, known);
  }
  return known;
}

/** Different in all threads of all workers; short enough for the 23 letters that every 3.1.1 broker must take. */
const clientIdPrefix = `katydid-${randomBytes(5).toString('base64url').replace(/[-_]/g, '0')}`;
let clientIds = 0;

function nextClientId(): string {
  return `${clientIdPrefix}${(++clientIds).toString(36)}`;
}
