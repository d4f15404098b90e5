// Containers for tests, through podman's command line: hardened as a cluster hardens them, on a network of their own.
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { until } from '../e2e/until.ts';
import { run, tryRun } from '../tools/run.ts';

process.env.DISABLE_HC_SYSTEMD = 'true';

/** What a cluster's "restricted" policy takes from a container, and its root file system too. */
export const hardened: readonly string[] = [
  ...['--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
  ...['--memory', '512m'],
];

export interface Started {
  readonly name: string;
  /** What it wrote so far. */
  logs(): Promise<string>;
  /** Where a port of it, which must have been published, is on this machine: `127.0.0.1:40001`. */
  address(port: number): Promise<string>;
  /** Runs something in it. */
  exec(...command: readonly string[]): Promise<string>;
  /** Sends a signal and waits for the end; resolves to the exit code. */
  end(signal: string): Promise<number>;
  /** The exit code, when it has ended by itself. */
  ended(): Promise<number>;
}

/** A network on which containers find each other by the names they were given; all are gone when the test ends. */
export class Network {
  readonly name: string;
  readonly #containers: string[] = [];

  private constructor(name: string) {
    this.name = name;
  }

  static async open(t: TestContext): Promise<Network> {
    const network = new Network(`katydid-test-${randomBytes(4).toString('hex')}`);
    await run('podman', ['network', 'create', network.name]);
    t.after(() => network.#close());
    return network;
  }

  /** Starts `podman run FLAGS IMAGE ARGV` as `name` and returns at once. */
  async start(name: string, image: string, argv: readonly string[], flags: readonly string[] = []): Promise<Started> {
    const container = `${this.name}-${name}`;
    this.#containers.push(container);
    const place = ['--name', container, '--network', this.name, '--network-alias', name, '--hostname', name];
    await run('podman', ['run', '--detach', ...place, ...flags, image, ...argv]);
    const ended = async (): Promise<number> =>
      Number((await run('podman', ['wait', container])).trim().split('\n').at(-1));
    return {
      name: container,
      logs: () => run('podman', ['logs', container]),
      address: async (port) => (await run('podman', ['port', container, String(port)])).trim(),
      exec: (...command) => run('podman', ['exec', container, ...command]),
      ended,
      end: async (signal) => {
        await run('podman', ['kill', '--signal', signal, container]);
        return ended();
      },
    };
  }

  async #close(): Promise<void> {
    if (this.#containers.length > 0) await tryRun('podman', ['rm', '--force', '--time', '0', ...this.#containers]);
    await tryRun('podman', ['network', 'rm', '--force', this.name]);
  }
}

/** Waits for a line in a container's log. */
export function logged(container: Started, line: RegExp, limit = 20): Promise<unknown> {
  return until(`${container.name} logs ${line}`, async () => line.test(await container.logs()), {
    limit,
    every: 0.3,
    show: () => container.name,
  });
}
