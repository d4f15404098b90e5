import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { website } from '../targets/website.ts';
import { nearest } from '../words.ts';
import { type Arguments, check, parser } from './arguments.ts';
import { type Flag, logFlags } from './flags.ts';
import { setUpLog } from './logging.ts';

/** Name → the server, and the port that it has unless told otherwise. */
const targets = new Map<string, { readonly make: () => Server; readonly port: number }>([
  ['website', { make: website, port: 8080 }],
]);

const flags: Readonly<Record<string, Flag>> = {
  ...logFlags,
  port: { type: 'number', alias: 'p', requiresArg: true, describe: 'Port; the usual one of the target if not given' },
  address: {
    type: 'string',
    requiresArg: true,
    default: '127.0.0.1',
    describe: 'Interface to listen on; 0.0.0.0 for all',
  },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};

/** The embedded system under test of this name, listening. A port that is taken is an error, unless any will do. */
export async function startTarget(name: string, address: string, port?: number, anyPort = false): Promise<Server> {
  const known = targets.get(name);
  if (known === undefined) {
    const names = [...targets.keys()];
    throw new UsageError(`there is no target '${name}'; did you mean ${nearest(name, names) ?? names.join(', ')}?`);
  }
  const server = known.make();
  try {
    await listen(server, address, port ?? known.port);
  } catch (thrown) {
    if (!anyPort || (thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
      const at = `${address}:${port ?? known.port}`;
      throw new UsageError(`target ${name} cannot listen on ${at}: ${(thrown as Error).message}; give another --port`);
    }
    await listen(server, address, 0);
  }
  return server;
}

function listen(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** `http://127.0.0.1:8080` of a server that listens. */
export function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** `katydid target website`: a system to try katydid on. */
export async function target(argv: readonly string[]): Promise<number> {
  const line = parser(argv, flags).usage(
    `katydid target NAME\n\nA system under test: ${[...targets.keys()].join(', ')}`,
  );
  const args = line.parseSync() as Arguments;
  const [name] = args._.map(String);
  if (args.help === true || name === undefined) {
    process.stdout.write(`${await line.getHelp()}\n`);
    return name === undefined && args.help !== true ? 2 : 0;
  }
  check(args, flags);
  setUpLog(args);
  const server = await startTarget(name, String(args.address), args.port as number | undefined);
  log.info(`target ${name} listens on ${urlOf(server)}`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  server.closeAllConnections();
  server.close();
  return 0;
}
