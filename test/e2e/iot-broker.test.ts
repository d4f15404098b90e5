import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { katydidCli, projectFolder } from '../tools/katydid.ts';
import { Mosquitto } from '../tools/mosquitto.ts';
import { run } from '../tools/run.ts';
import { Child } from './child.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

interface Entry {
  readonly method: string;
  readonly name: string;
  readonly num_requests: number;
  readonly num_failures: number;
}

/** A folder with devices, and the programs that run there. */
class Kit {
  readonly folder: string;
  readonly #t: TestContext;

  private constructor(t: TestContext, folder: string) {
    this.#t = t;
    this.folder = folder;
  }

  static async make(t: TestContext, devices: number): Promise<Kit> {
    const folder = await mkdtemp(join(tmpdir(), 'katydid-iot-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const kit = new Kit(t, folder);
    await kit.run('devices', 'create', '1', String(devices));
    return kit;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  text(name: string): Promise<string> {
    return readFile(this.file(name), 'utf8').catch(() => '');
  }

  run(...args: readonly string[]): Promise<string> {
    return run(process.execPath, [katydidCli, ...args], { cwd: this.folder });
  }

  /** `katydid target echo`, listening or connected. */
  async echo(...args: readonly string[]): Promise<Child> {
    const all = ['target', 'echo', '--registry', this.file('deviceregistry.csv'), '--no-log-payloads', ...args];
    const echo = new Child('echo', process.execPath, [katydidCli, ...all]);
    this.#t.after(() => echo.end('SIGKILL'));
    await echo.said(/listens on|answers at|connected/, 30);
    return echo;
  }

  /** Devices without a master, whose statistics are read when they have ended. */
  devices(host: string, users: number, env: Readonly<Record<string, string>>): Child {
    const flags = ['--headless', '-H', host, '-u', String(users), '-r', '500', '-s', '12', '--only-summary'];
    const files = ['--json-file', this.file('run'), '--logfile', this.file('run.log')];
    const list = { LTK_DEVICE_LIST: this.file('devicelist.csv') };
    const child = new Child(
      'devices',
      process.execPath,
      [katydidCli, '-f', join(projectFolder, 'users', 'iot.ts'), ...flags, ...files],
      { ...list, ...env },
    );
    this.#t.after(() => child.end('SIGKILL'));
    return child;
  }

  /** Waits until so many devices have had an echo of a payload that was published after `since`. */
  async echoed(devices: number, since: Date, limit: number): Promise<void> {
    let found = new Set<string>();
    const look = async (): Promise<boolean> => {
      const heard = (await this.text('run.log')).matchAll(/received (LTK\d+) payload \d+ at (\S+)/g);
      found = new Set([...heard].filter(([, , at = '']) => new Date(at) > since).map(([, device = '']) => device));
      return found.size === devices;
    };
    await until(`${devices} devices have echoes`, look, { limit, every: 0.5, show: () => found.size });
  }

  async entries(): Promise<readonly Entry[]> {
    return JSON.parse(await this.text('run.json')) as Entry[];
  }
}

const sum = (entries: readonly Entry[], of: 'num_requests' | 'num_failures', name: string): number =>
  entries.filter((entry) => `${entry.method} ${entry.name}` === name).reduce((all, entry) => all + entry[of], 0);

test('1,000 devices all come back to a Mosquitto that was killed', { timeout: 300_000 }, async (t) => {
  const mosquitto = await Mosquitto.start(t);
  if (mosquitto === undefined) return;
  const devices = 1000;
  const kit = await Kit.make(t, devices);
  await kit.echo('--broker', mosquitto.host);
  const run = kit.devices(mosquitto.host, devices, { LTK_PAYLOAD_INTERVAL: '4' });
  await kit.echoed(devices, new Date(0), 60);

  await mosquitto.kill();
  await delay(1500);
  await mosquitto.startAgain();
  await kit.echoed(devices, new Date(), 90);
  assert.equal(await run.end('SIGINT', 60), 1, 'what was in flight has failed, and nothing hangs at the stop');

  const entries = await kit.entries();
  assert.equal(sum(entries, 'num_requests', 'MQTT connect'), devices);
  const came = sum(entries, 'num_requests', 'MQTT reconnect') - sum(entries, 'num_failures', 'MQTT reconnect');
  assert.equal(came, devices, 'each has made one new connection');
  const lost = [...run.output.matchAll(/^(\d+) .*connection lost/gm)].reduce(
    (all, [, count]) => all + Number(count),
    0,
  );
  assert.ok(lost > 0 && lost <= 2 * devices, `${lost} operations were lost, at most a publishing or an echo of each`);
});

test('after the end of the broker devices come back with fresh tokens', { timeout: 180_000 }, async (t) => {
  const devices = 40;
  const kit = await Kit.make(t, devices);
  const port = await freePort();
  const strict = ['--mqtt', String(port), '--skew', '0'];
  const broker = await kit.echo(...strict);
  const lifetime = 6;
  const env = { LTK_PAYLOAD_INTERVAL: '0.5', LTK_ECHO_TIMEOUT: '3', LTK_TOKEN_LIFETIME: String(lifetime) };
  const run = kit.devices(`mqtt://127.0.0.1:${port}`, devices, env);
  await kit.echoed(devices, new Date(0), 60);
  await until('tokens are renewed', async () => (await kit.text('run.log')).length > 0);

  await broker.end('SIGKILL');
  await delay(lifetime * 1000 + 500);
  const again = await kit.echo(...strict);
  await kit.echoed(devices, new Date(), 60);
  await delay(lifetime * 1000);
  await run.end('SIGINT', 60);
  const ended = await again.end();
  assert.equal(ended, 0);
  assert.doesNotMatch(again.output, /refused/, 'no token was too old');
  const entries = await kit.entries();
  assert.ok(sum(entries, 'num_requests', 'MQTT JWT refresh') >= devices, 'each token was renewed in time');
  assert.doesNotMatch(run.output, /Not authorized/i);
});

test('devices whose key is another one are refused, with pauses', { timeout: 120_000 }, async (t) => {
  const kit = await Kit.make(t, 3);
  const other = await Kit.make(t, 3);
  const port = await freePort();
  await other.echo('--mqtt', String(port));
  const run = kit.devices(`mqtt://127.0.0.1:${port}`, 3, {});
  await delay(10_000);
  assert.equal(await run.end('SIGINT', 30), 1);
  const entries = await kit.entries();
  const failed = sum(entries, 'num_failures', 'MQTT connect');
  assert.equal(sum(entries, 'num_requests', 'MQTT connect'), failed, 'none has got in');
  assert.ok(failed >= 6 && failed <= 3 * 6, `${failed} tries of three devices in ten seconds`);
  assert.match(run.output, /MQTT connect: .*refused/i);
});
