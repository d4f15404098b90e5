// A bare loop over undici's Client.dispatch, one client a user, no user class, no statistics: `dispatch.ts URL USERS`.
import { Client, type Dispatcher } from 'undici';
import { payload } from './payload.ts';

const [, , url = '', users] = process.argv;
const jsonHeaders = ['content-type', 'application/json'];

class Handler implements Dispatcher.DispatchHandler {
  readonly #done: (length: number) => void;
  readonly #chunks: Buffer[] = [];

  constructor(done: (length: number) => void) {
    this.#done = done;
  }

  onConnect(): void {}

  onHeaders(): boolean {
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#done(body.toString('latin1').length);
  }

  onError(error: Error): void {
    throw error;
  }
}

async function visit(client: Client): Promise<void> {
  for (;;) {
    const isPost = Math.random() < 0.75;
    await new Promise<number>((resolve) => {
      client.dispatch(
        isPost
          ? { method: 'POST', path: '/predict', headers: jsonHeaders, body: JSON.stringify(payload) }
          : { method: 'GET', path: '/' },
        new Handler(resolve),
      );
    });
  }
}

for (let user = 0; user < Number(users); user++) void visit(new Client(url));
