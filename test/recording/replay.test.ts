// The test that counts: what a recorded user does is what the log says.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { HttpUser } from '../../src/http/http-user.ts';
import { serve } from '../http/target.ts';
import { environmentOf, start } from '../user/scene.ts';
import { imported, recordedUser } from './generated.ts';
import { kindOf, madeTraffic } from './made-log.ts';

const requests = 6000;
const users = 20;

interface Replay {
  /** In the order of their arrival, by user. */
  readonly byUser: ReadonlyMap<string, readonly { readonly method: string; readonly url: string }[]>;
  /** Seconds. */
  readonly waits: readonly number[];
  /** `GET /name` of all entries. */
  readonly names: ReadonlySet<string>;
}

/** Runs real users of the file against a server, with the pauses asked for, but not waited. */
async function replay(t: TestContext, code: string): Promise<Replay> {
  const userClass = await recordedUser(t, code);
  const byUser = new Map<string, { method: string; url: string }[]>();
  let count = 0;
  let enough = (): void => {};
  const isEnough = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const target = await serve(t, (request, response) => {
    const { method = '', url = '', headers } = request;
    const user = String(headers['x-user']);
    byUser.set(user, [...(byUser.get(user) ?? []), { method, url }]);
    if (++count === requests) enough();
    response.statusCode = url === '/login' ? 302 : 200;
    if (url === '/login') response.setHeader('location', '/cart');
    response.end('ok');
  });
  userClass.host = target.url;
  const waits: number[] = [];
  const { waitTime } = userClass;
  userClass.waitTime = async (user) => {
    waits.push(await waitTime(user));
    return 0;
  };
  const environment = environmentOf();
  const loops = Array.from({ length: users }, (_, at) => {
    const loop = start(userClass, environment);
    (loop.user as HttpUser).client.headers.set('x-user', String(at));
    return loop;
  });
  await isEnough;
  for (const loop of loops) loop.stop();
  await Promise.all(loops.map(({ ended }) => ended));
  const names = new Set(environment.stats.drain().entries.map(({ method, name }) => `${method} ${name}`));
  return { byUser, waits, names };
}

const traffic = madeTraffic(200, 20_000);
let replayed: Promise<Replay> | undefined;
/** One replay for all tests of this file. */
function theReplay(t: TestContext): Promise<Replay> {
  replayed ??= imported(t, { 'access.log': traffic.lines.join('\n') }).then(({ code }) => replay(t, code));
  return replayed;
}

/** Share of the whole by key. */
function shares<K>(counts: ReadonlyMap<K, number>): Map<K, number> {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return new Map([...counts].map(([key, count]) => [key, count / total]));
}

/** Half of the sum of all differences: 0 for the same distribution, 1 for one that has nothing in common. */
function distance<K>(one: ReadonlyMap<K, number>, other: ReadonlyMap<K, number>): number {
  const [a, b] = [shares(one), shares(other)];
  const keys = new Set([...a.keys(), ...b.keys()]);
  return [...keys].reduce((sum, key) => sum + Math.abs((a.get(key) ?? 0) - (b.get(key) ?? 0)), 0) / 2;
}

function countsOf(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

// With 6,000 requests over 8 kinds, three of them bound together, chance alone makes a distance of about 0.01.
test('a replay makes the same kinds of requests as the log has, in the same shares', async (t) => {
  const { byUser } = await theReplay(t);
  const kinds = countsOf([...byUser.values()].flat().map(({ method, url }) => kindOf(method, url)));
  assert.deepEqual([...kinds.keys()].sort(), [...traffic.kinds.keys()].sort());
  const far = distance(traffic.kinds, kinds);
  assert.ok(far < 0.035, `${far}: ${JSON.stringify([shares(traffic.kinds), shares(kinds)].map((map) => [...map]))}`);
});

test('its names are templates, one for each kind', async (t) => {
  const { names } = await theReplay(t);
  assert.deepEqual([...names].sort(), [
    'GET /',
    'GET /articles/[article]',
    'GET /cart',
    'GET /products/[product]',
    'GET /search?page=[page]&q=[q]',
    'POST /cart/[cart]/pay',
    'POST /login',
    'PUT /users/[user]/settings',
  ]);
});

test('it asks for what exists, as often as the log does', async (t) => {
  const { byUser } = await theReplay(t);
  const products = (urls: readonly string[]): string[] => urls.filter((url) => url.startsWith('/products/'));
  const asked = countsOf(products([...byUser.values()].flat().map(({ url }) => url)));
  const known = countsOf(products(traffic.lines.map((line) => line.split('"')[1]?.split(' ')[1] ?? '')));
  for (const url of asked.keys()) assert.ok(known.has(url), url);
  const often = [...shares(known)].filter(([, share]) => share > 0.05);
  assert.ok(often.length > 2);
  // 200 values of 6,000, then 1,800 draws of these: a deviation of 0.035 at most, and four times that
  for (const [url, share] of often) assert.ok(Math.abs(share - (shares(asked).get(url) ?? 0)) < 0.14, url);
});

test('sequences run in their order', async (t) => {
  const { byUser } = await theReplay(t);
  assert.equal(byUser.size, users);
  for (const asked of byUser.values()) {
    for (const [at, { url }] of asked.entries()) {
      if (url !== '/login' || at + 2 >= asked.length) continue;
      const next = asked.slice(at + 1, at + 3).map(({ method, url: other }) => kindOf(method, other));
      assert.deepEqual(next, ['GET /cart', 'POST /cart/#/pay']);
    }
  }
});

test('its pauses have the quantiles and the mean of the log', async (t) => {
  const { waits } = await theReplay(t);
  assert.ok(waits.length > requests / 2);
  for (const share of [0.1, 0.25, 0.5, 0.75, 0.9, 0.95]) {
    const [had, has] = [quantile(traffic.pauses, share), quantile(waits, share)];
    // The log has whole seconds: a difference of two has half a second of its own.
    assert.ok(Math.abs(had - has) < 0.12 * had + 0.5, `${share}: ${had} s in the log, ${has} s in the replay`);
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean(traffic.pauses) - mean(waits)) < 0.1 * mean(traffic.pauses));
});
