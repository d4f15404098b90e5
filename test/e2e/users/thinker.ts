import { constant, HttpUser, type Tasks } from 'katydid';

const thoughtMilliseconds = 20;

/** Has so much to work out between its requests that its thread is never free. */
export class Thinker extends HttpUser {
  static waitTime = constant(0);
  static tasks = { think: 1 } satisfies Tasks<Thinker>;

  async think() {
    const end = performance.now() + thoughtMilliseconds;
    while (performance.now() < end);
    await this.client.get('/');
  }
}
