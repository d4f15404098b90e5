// The echo target in this process with a registry of its own, and devices that log in to it.
import { type EventEmitter, once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Algorithm, Device } from '../../../src/devices/device.ts';
import { makeKeyPair } from '../../../src/devices/key.ts';
import { DeviceLogin, type Login } from '../../../src/devices/login.ts';
import type { DevicePlatform } from '../../../src/devices/platform.ts';
import { type PlatformName, platformOf } from '../../../src/devices/platforms.ts';
import { type LogRecord, setLogSink } from '../../../src/log.ts';
import type { DoorName } from '../../../src/targets/echo/doors.ts';
import { type RunningEcho, startEcho } from '../../../src/targets/echo/echo.ts';
import type { EchoOptions } from '../../../src/targets/echo/options.ts';

/** A value for each gap in a platform's texts. */
export const values = {
  project: 'p',
  region: 'r',
  registry: 'g',
  authorizer: 'a',
  audience: 'https://n.example/',
  issuer: 'i',
};

const pairs = new Map<string, { readonly privateKey: string; readonly publicKey: string }>();

/** The key pair of this name; made once for all tests of a file. */
export function pairOf(name: string, algorithm: Exclude<Algorithm, 'HS256'> = 'ES256') {
  const pair = pairs.get(`${name} ${algorithm}`) ?? makeKeyPair(algorithm);
  pairs.set(`${name} ${algorithm}`, pair);
  return pair;
}

/** What was logged since the last scene began, from the oldest on. */
export const lines: string[] = [];
const waiting = new Set<() => void>();
setLogSink(({ level, text }: LogRecord) => {
  lines.push(`${level} ${text}`);
  for (const look of waiting) look();
});

/** The first line of the log that is like this, as soon as there is one. */
export function lineLike(pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    const look = (): void => {
      const line = lines.find((each) => pattern.test(each));
      if (line === undefined) return;
      waiting.delete(look);
      resolve(line);
    };
    waiting.add(look);
    look();
  });
}

export class Scene {
  readonly test: TestContext;
  readonly platform: PlatformName;
  readonly registry: string;
  readonly echo: RunningEcho;

  private constructor(test: TestContext, platform: PlatformName, registry: string, echo: RunningEcho) {
    this.test = test;
    this.platform = platform;
    this.registry = registry;
    this.echo = echo;
  }

  /** Devices LTK00001 and LTK00002, unless others are named; gone after the test. */
  static async start(
    test: TestContext,
    { ids = ['LTK00001', 'LTK00002'], ...options }: EchoOptions & { readonly ids?: readonly string[] } = {},
  ): Promise<Scene> {
    lines.length = 0;
    const folder = mkdtempSync(join(tmpdir(), 'katydid-echo-'));
    test.after(() => rmSync(folder, { recursive: true }));
    const registry = join(folder, 'deviceregistry.csv');
    writeFileSync(registry, ['id,algorithm,publicKey', ...ids.map((id) => rowOf(id)), ''].join('\n'));
    const echo = await startEcho({ registry, ports: { mqtt: 0 }, ...options });
    test.after(() => echo.close());
    return new Scene(test, (options.platform ?? 'gcp') as PlatformName, registry, echo);
  }

  get rules(): DevicePlatform {
    return platformOf(this.platform);
  }

  /** Adds a device to the registry's file. */
  register(id: string, publicKey?: string): void {
    appendFileSync(this.registry, `${rowOf(id, publicKey)}\n`);
  }

  device(id: string): Device {
    return { id, privateKey: pairOf(id).privateKey };
  }

  login(id = 'LTK00001', more: Record<string, string> = {}, now?: number): Login {
    return new DeviceLogin(this.rules, this.device(id), { ...values, ...more }).next(now);
  }

  url(door: DoorName = 'mqtt'): string {
    return this.echo.urls.find((url) => url.startsWith(`${door}:`)) ?? '';
  }

  /** A connection of a device; a refusal rejects with its number as `code`. */
  async connect(login: Login = this.login(), more: IClientOptions = {}, door: DoorName = 'mqtt'): Promise<MqttClient> {
    const { clientId, username, password, authenticationMethod, authenticationData } = login;
    const [protocolVersion] = this.rules.protocolVersions;
    const client = mqtt.connect(this.url(door), {
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(authenticationMethod === undefined || authenticationData === undefined
        ? {}
        : { properties: { authenticationMethod, authenticationData: Buffer.from(authenticationData) } }),
      protocolVersion: protocolVersion ?? 4,
      reconnectPeriod: 0,
      ...more,
    });
    this.test.after(() => client.end(true));
    await heard(client, 'connect');
    client.on('error', () => {});
    return client;
  }

  /** A device that comes back to its session; `onMessage` hears what has waited there, too. */
  async reconnected(login: Login, onMessage: (topic: string) => void): Promise<MqttClient> {
    const { clientId, username, password } = login;
    const client = mqtt.connect(this.url(), {
      ...({ clientId, username, password } as IClientOptions),
      protocolVersion: 4,
      reconnectPeriod: 0,
      clean: false,
    });
    this.test.after(() => client.end(true));
    client.on('message', onMessage);
    await heard(client, 'connect');
    return client;
  }

  /** The device's topics. */
  topics(id = 'LTK00001'): DevicePlatform['topics'] {
    return new DeviceLogin(this.rules, this.device(id), values).topics;
  }

  /** A device that is connected and hears what is answered. */
  async listening(id = 'LTK00001', more: IClientOptions = {}, door: DoorName = 'mqtt'): Promise<MqttClient> {
    const client = await this.connect(this.login(id), more, door);
    await client.subscribeAsync(this.topics(id).commands);
    return client;
  }

  /** Publishes a payload; resolves with the answer: its topic and its text. */
  async echoOf(client: MqttClient, text: string, id = 'LTK00001'): Promise<readonly [string, string]> {
    const answered = heard<[string, Buffer]>(client, 'message');
    client.publish(this.topics(id).events, text, { qos: 1 });
    const [topic, payload] = await answered;
    return [topic, payload.toString()];
  }
}

/** The next event of a client; an error rejects. Its own types are no emitter's. */
export function heard<T extends unknown[]>(client: MqttClient, event: string): Promise<T> {
  return once(client as unknown as EventEmitter, event) as Promise<T>;
}

/** The reason code of a connection that is refused. */
export async function refusal(connecting: Promise<unknown>): Promise<unknown> {
  return connecting.then(
    () => 'it was let in',
    (error: { readonly code?: unknown }) => error.code,
  );
}

/** A payload as devices send it. */
export function payload(number: number, device = 'LTK00001'): string {
  return JSON.stringify({ device, payload: number, sentAt: 1_732_204_800_123 });
}

function rowOf(id: string, publicKey: string = pairOf(id).publicKey): string {
  return `${id},ES256,${publicKey.trim().replaceAll('\n', ' ')}`;
}
