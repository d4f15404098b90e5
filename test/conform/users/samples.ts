// Users that record a known list of samples.
import { HttpUser, type Tasks, User } from 'katydid';
import { fire, forever, say } from './say.ts';

const target = process.env.CONFORM_TARGET ?? 'http://127.0.0.1:1';

// biome-ignore format: one table, in the order of conform_users.py
const fired = [
  0, 0.4, 0.5, 1.5, 2.5, 3.5, 49.5, 98.5, 99.4, 99.5, 99.6, 100, 100.5, 104, 105, 105.5, 106, 115, 125, 135, 147, 155,
  245, 255, 984.9, 985, 994.9, 995, 999, 999.5, 1000, 1049, 1050, 1051, 1150, 1250, 1350, 3432, 9949, 9950, 9951,
  9999, 10000, 10499, 10500, 10501, 11500, 12500, 58760, 100500, 1234567, null, null,
];

export class FiredUser extends User {
  static override tasks = { t: 1 } satisfies Tasks<FiredUser>;

  async t(): Promise<void> {
    for (const value of fired) fire('FIRE', 'values', value, 10);
    fire('FIRE', 'only-none', null, 0);
    fire('FIRE', 'one', 12.25, 7);
    say('conform_done', { cls: 'FiredUser' });
    await this.sleep(forever);
  }
}

export class ErrorsUser extends User {
  static override tasks = { t: 1 } satisfies Tasks<ErrorsUser>;

  async t(): Promise<void> {
    for (let i = 0; i < 3; i++) fire('GET', '/e', 5, 1, 'plain string');
    fire('POST', '/e', 5, 1, 'plain string');
    fire('GET', '/e2', 5, 1, 'plain string');
    fire('GET', '/e', 5, 1, "it's got a quote");
    fire('GET', '/e', 5, 1, 'line\nbreak \\ tab\t');
    fire('GET', '/e', 5, 1, 'blåbär ✓');
    fire('GET', '/e', 5, 1, '<Thing object at 0x7f00aa> failed');
    fire('GET', '/e', 5, 1, '<Thing object at 0x7f00bb> failed');
    fire('GET', '/e', null, 0, 'none time');
    fire('GET', '/e', 5, 1, ''); // Locust: a falsy exception is no failure
    say('conform_done', { cls: 'ErrorsUser' });
    await this.sleep(forever);
  }
}

export class HttpOnceUser extends HttpUser {
  static override host = target;
  static override tasks = { t: 1 } satisfies Tasks<HttpOnceUser>;

  async t(): Promise<void> {
    const { client } = this;
    for (let i = 0; i < 3; i++) await client.get('/ok');
    for (let i = 0; i < 2; i++) await client.get(`/ok?id=${i}`, { name: '/ok?id=[id]' });
    await client.get('/ok?q=1');
    await client.post('/echo', { body: 'hello' });
    await client.put('/echo', { body: 'abc' });
    await client.delete('/ok');
    await client.head('/ok');
    for (let i = 0; i < 2; i++) await client.get('/fail');
    for (const path of ['/notfound', '/redirect', '/slow', '/big', '/empty', '/utf8', '/drop']) await client.get(path);
    for (let i = 0; i < 2; i++) {
      await client.get('/ok', { name: 'caught', catchResponse: ({ failure }) => failure('custom failure') });
    }
    await client.get('/fail', { name: 'forgiven', catchResponse: ({ success }) => success() });
    await client.get(`${target}/ok`, { name: 'absolute' });
    say('conform_done', { cls: 'HttpOnceUser' });
    await this.sleep(forever);
  }
}
