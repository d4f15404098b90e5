import { UsageError } from '../../errors.ts';
import type { Listener } from '../listener.ts';
import type { Counters } from './counters.ts';
import { type DoorName, doorNames } from './doors.ts';
import { EmbeddedEcho } from './embedded.ts';
import { type EchoOptions, rulesOf } from './options.ts';
import { RemoteEcho } from './remote.ts';

/** An echo target that runs. */
export interface RunningEcho {
  /** Where it listens; empty if the broker is another. */
  readonly ports: ReadonlyMap<DoorName, number>;
  /** For devices: `mqtt://127.0.0.1:1883`, `ws://127.0.0.1:8083/mqtt`; empty likewise. */
  readonly urls: readonly string[];
  readonly counters: Counters;
  close(): Promise<void>;
}

/**
 * Starts the echo target: a broker that lets in devices by their platform's rules, each to its own topics, and the
 * application that answers what they publish. Throws `UsageError`.
 *
 * @example
 * const echo = await startEcho({ ports: { mqtt: 0 }, registry: 'deviceregistry.csv', lossEvery: 100 });
 */
export async function startEcho(options: EchoOptions = {}): Promise<RunningEcho> {
  const rules = rulesOf(options);
  if (options.broker !== undefined) return remoteEcho(options.broker, options);
  const { address = '127.0.0.1', ports: wanted = { mqtt: 1883 } } = options;
  const echo = await EmbeddedEcho.start(options, rules);
  const ports = new Map<DoorName, number>();
  try {
    for (const name of doorNames) {
      const port = wanted[name];
      if (port === undefined) continue;
      const taken = await echo.open(name, address, port).catch((thrown: Error) => {
        throw new UsageError(
          `target echo cannot listen on ${address}:${port}: ${thrown.message}; give another --${name}`,
        );
      });
      ports.set(name, taken);
    }
  } catch (thrown) {
    await echo.close();
    throw thrown;
  }
  return {
    ports,
    urls: [...ports].map(([name, port]) => urlOf(name, address, port)),
    counters: echo.counters,
    close: () => echo.close(),
  };
}

async function remoteEcho(url: string, options: EchoOptions): Promise<RunningEcho> {
  const echo = await RemoteEcho.start(url, options, rulesOf(options));
  return { ports: new Map(), urls: [], counters: echo.counters, close: () => echo.close() };
}

/** The echo target as one of the embedded ones, with nothing said but its port. */
export async function echoListener(): Promise<Listener> {
  const echo = await EmbeddedEcho.start({}, rulesOf({}));
  return {
    protocol: 'mqtt',
    listen: (address, port) => echo.open('mqtt', address, port),
    close: () => echo.close(),
  };
}

function urlOf(name: DoorName, address: string, port: number): string {
  const at = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  return `${name}://${at}${name.startsWith('ws') ? '/mqtt' : ''}`;
}
