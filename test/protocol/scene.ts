import { connect } from 'node:net';
import { after } from 'node:test';
import { workerId } from '../../src/protocol/identity.ts';
import { MasterSocket } from '../../src/protocol/socket.ts';
import { MasterRouter, until } from './router.ts';

/** A worker's end, and what it got. */
export class Worker {
  readonly identity = workerId('test');
  readonly frames: Uint8Array[] = [];
  readonly troubles: string[] = [];
  readonly socket: MasterSocket;
  readonly #watchers = new Set<() => void>();

  constructor(port: number, host = '127.0.0.1') {
    this.socket = new MasterSocket({ host, port, identity: this.identity, onTrouble: (what) => this.#note(what) });
    this.socket.onFrame((frame) => {
      this.frames.push(frame);
      for (const look of this.#watchers) look();
    });
    leftOpen.add(this);
  }

  get texts(): string[] {
    return this.frames.map((frame) => Buffer.from(frame).toString());
  }

  send(text: string, droppable = false): void {
    this.socket.send(Buffer.from(text), { droppable });
  }

  async count(frames: number): Promise<void> {
    await until(
      () => this.frames.length >= frames,
      this.#watchers,
      () => `${frames} orders, there are: ${this.texts}`,
    );
  }

  async trouble(pattern: RegExp): Promise<void> {
    const found = (): boolean => this.troubles.some((what) => pattern.test(what));
    await until(found, this.#watchers, () => `${pattern}, there are: ${this.troubles}`);
  }

  #note(what: string): void {
    this.troubles.push(what);
    for (const look of this.#watchers) look();
  }
}

const leftOpen = new Set<Worker>();
const masters: MasterRouter[] = [];

after(async () => {
  await Promise.all([...leftOpen].map(({ socket }) => socket.close(0)));
  for (const master of masters) master.close();
});

/** A master; closed after the tests of the file. */
export async function listen(port?: number, host?: string): Promise<MasterRouter> {
  const master = await MasterRouter.listen(port, host);
  masters.push(master);
  return master;
}

/** A port on which nobody listens (yet). */
export async function freePort(): Promise<number> {
  const master = await MasterRouter.listen();
  master.close();
  await unbound(master.port);
  return master.port;
}

/** A socket is unbound in the background. */
export async function unbound(port: number): Promise<void> {
  const refused = (): Promise<boolean> =>
    new Promise((resolve) => {
      const probe = connect(port, '127.0.0.1', () => {
        probe.destroy();
        resolve(false);
      });
      probe.on('error', () => resolve(true));
    });
  while (!(await refused())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A master and a worker that connects to it. */
export async function pair(): Promise<{ master: MasterRouter; worker: Worker }> {
  const master = await listen();
  return { master, worker: new Worker(master.port) };
}

/** `'0'`, `'1'` … */
export const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
