// Duty: the brokers of the MQTT benches, on the core that the generators do not have.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Child } from '../test/e2e/child.ts';
import { freePort } from '../test/e2e/free-port.ts';
import { until } from '../test/e2e/until.ts';
import { katydidCli } from '../test/tools/katydid.ts';
import { findMosquitto } from '../test/tools/mosquitto.ts';
import { cores, startOn } from './cores.ts';
import type { UnderLoad } from './target.ts';

const configuration = fileURLToPath(new URL('targets/mosquitto.conf', import.meta.url));
const received = '$SYS/broker/publish/messages/received';
/** A count that did not change is not published. */
const quietMilliseconds = 5000;

/** How many sockets a process has. */
function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((name) => {
    try {
      return readlinkSync(join(folder, name)).startsWith('socket:');
    } catch {
      return false; // it was closed meanwhile
    }
  }).length;
}

/** A broker of which only the connections are counted, by the kernel. */
export class Broker implements UnderLoad {
  readonly url: string;
  protected readonly child: Child;
  readonly #idleSockets: number;

  constructor(child: Child, url: string) {
    this.child = child;
    this.url = url;
    this.#idleSockets = socketsOf(this.pid);
  }

  /** `katydid target echo` that checks the tokens of the devices of a registry. */
  static async echo(registry: string, values: Readonly<Record<string, string>>): Promise<Broker> {
    const pairs = Object.entries(values).flatMap(([name, value]) => ['--value', `${name}=${value}`]);
    const child = startOn(cores.target, 'target echo', [
      ...([process.execPath, katydidCli, 'target', 'echo', '--mqtt', '0'] as const),
      ...['--registry', registry, '--no-log-payloads', ...pairs],
    ]);
    const listens = /listens on (mqtt:\S+)/;
    await child.said(listens);
    return new Broker(child, listens.exec(child.output)?.[1] ?? '');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get requests(): number {
    return 0;
  }

  get open(): number {
    return socketsOf(this.pid) - this.#idleSockets;
  }

  async end(): Promise<void> {
    await this.child.end();
  }
}

/** Mosquitto, which counts the messages that were published to it, and says so each other second. */
export class Mosquitto extends Broker {
  readonly #folder: string;
  readonly #monitor: MqttClient;
  #received = 0;
  #counted: (() => void) | undefined = undefined;

  private constructor(child: Child, url: string, folder: string, monitor: MqttClient) {
    super(child, url);
    this.#folder = folder;
    this.#monitor = monitor.on('message', (_topic, payload) => {
      this.#received = Number(payload.toString());
      this.#counted?.();
    });
  }

  static async start(): Promise<Mosquitto> {
    const folder = await mkdtemp(join(tmpdir(), 'katydid-broker-'));
    const file = join(folder, 'mosquitto.conf');
    const port = await freePort();
    await writeFile(file, `listener ${port} 127.0.0.1\n${readFileSync(configuration, 'utf8')}`);
    const child = startOn(cores.target, 'mosquitto', [await findMosquitto(), '-c', file]);
    const url = `mqtt://127.0.0.1:${port}`;
    const monitor = await until('Mosquitto listens', () => connectAsync(url, {}, false), { show: () => child.output });
    const broker = new Mosquitto(child, url, folder, monitor);
    await monitor.subscribeAsync(received);
    return broker;
  }

  override get requests(): number {
    return this.#received;
  }

  async counted(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, quietMilliseconds);
      this.#counted = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#counted = undefined;
  }

  override async end(): Promise<void> {
    await this.#monitor.endAsync(true);
    await super.end();
    await rm(this.#folder, { recursive: true });
  }
}
