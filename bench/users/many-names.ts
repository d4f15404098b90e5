import { constant, FastHttpUser, type Tasks } from 'katydid';

const names = 1000;

/** One request each ten seconds, under one of very many names. */
export class Visitor extends FastHttpUser {
  static waitTime = constant(10);
  static tasks = { look: 1 } satisfies Tasks<Visitor>;

  async look() {
    await this.client.get('/', { name: `/item/${Math.floor(Math.random() * names)}` });
  }
}
