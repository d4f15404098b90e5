import { Router } from 'zeromq';

/** A master's socket: a ROUTER without HANDOVER, as Locust binds it. */
export class MasterRouter {
  readonly port: number;
  readonly #router: Router;
  /** What arrived: identity and text of each frame, oldest first. */
  readonly received: { readonly identity: string; readonly parts: number; readonly frame: Buffer }[] = [];
  readonly #waiting = new Set<() => void>();

  static async listen(port = 0, host = '127.0.0.1'): Promise<MasterRouter> {
    const router = new Router({ linger: 0, ipv6: host.startsWith('[') });
    await router.bind(`tcp://${host}:${port || '*'}`);
    return new MasterRouter(router);
  }

  private constructor(router: Router) {
    this.#router = router;
    this.port = Number(router.lastEndpoint?.split(':').at(-1));
    void this.#receive();
  }

  get texts(): string[] {
    return this.received.map(({ frame }) => frame.toString());
  }

  async send(identity: string, ...parts: (string | Uint8Array)[]): Promise<void> {
    await this.#router.send([identity, ...parts]);
  }

  /** Resolves as soon as so many frames are there; fails after ten seconds. */
  async count(frames: number): Promise<void> {
    await until(
      () => this.received.length >= frames,
      this.#waiting,
      () => `${frames} frames, there are: ${this.texts}`,
    );
  }

  close(): void {
    this.#router.close();
  }

  async #receive(): Promise<void> {
    for await (const [identity, ...parts] of this.#router) {
      const frame = parts.at(-1) ?? Buffer.alloc(0);
      this.received.push({ identity: String(identity), parts: parts.length, frame });
      for (const look of this.#waiting) look();
    }
  }
}

/** Looks each time when one of the `watchers` is told that something has changed. */
export function until(holds: () => boolean, watchers: Set<() => void>, what: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(new Error(`waited ten seconds for ${what()}`)), 10_000);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      watchers.delete(look);
      if (error === undefined) resolve();
      else reject(error);
    };
    const look = (): void => {
      if (holds()) settle();
    };
    watchers.add(look);
    look();
  });
}
