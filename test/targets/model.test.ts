import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Balancer, type Replica } from '../../src/targets/model/balancer.ts';
import { Front, type FrontOptions, type Outcome } from '../../src/targets/model/front.ts';
import { modelServer } from '../../src/targets/model/model.ts';
import { until } from '../e2e/until.ts';
import { listening, post } from './listening.ts';

/** A replica that ends a prediction when it is told to. */
class HandReplica implements Replica {
  readonly texts: string[] = [];
  readonly #givesUp: boolean;
  #end: ((category: number) => void) | undefined;

  constructor({ givesUp = false }: { readonly givesUp?: boolean } = {}) {
    this.#givesUp = givesUp;
  }

  predict(text: string, signal: AbortSignal): Promise<number> {
    this.texts.push(text);
    return new Promise((resolve, reject) => {
      this.#end = resolve;
      if (this.#givesUp) signal.addEventListener('abort', () => reject(new Error('given up')));
    });
  }

  async end(category: number): Promise<void> {
    this.#end?.(category);
    await setImmediate();
  }
}

interface Api {
  readonly balancer: Balancer;
  readonly front: Front;
}

function apiOf(replicas: readonly Replica[], options: Partial<FrontOptions> = {}): Api {
  const balancer = new Balancer();
  balancer.use(replicas);
  const front = new Front(balancer, { limit: 10, timeout: 60, workers: 10, workTime: 0, ...options });
  return { balancer, front };
}

/** Calls that have reached what they wait for. */
async function predictAll(front: Front, ...texts: readonly string[]): Promise<readonly Promise<Outcome>[]> {
  const calls = texts.map((text) => front.predict(text));
  await setImmediate();
  return calls;
}

test('who comes first is served first, by the replica that is free', async () => {
  const [one, two] = [new HandReplica(), new HandReplica()];
  const { balancer, front } = apiOf([one, two]);
  const calls = await predictAll(front, 'a', 'b', 'c', 'd');
  assert.deepEqual([one.texts, two.texts], [['a'], ['b']]);
  assert.deepEqual([balancer.running, front.waiting], [2, 2]);
  await two.end(7);
  await two.end(8);
  assert.deepEqual([one.texts, two.texts], [['a'], ['b', 'c', 'd']]);
  await two.end(9);
  await one.end(1);
  assert.deepEqual(
    await Promise.all(calls),
    [1, 7, 8, 9].map((category) => ({ category })),
  );
});

test('who comes above the limit is refused at once', async () => {
  const one = new HandReplica();
  const { front } = apiOf([one], { limit: 2 });
  const calls = await predictAll(front, 'a', 'b');
  assert.deepEqual(await front.predict('c'), { refused: 'full', reason: 'more than 2 requests at once' });
  await one.end(1);
  await one.end(2);
  assert.deepEqual(await Promise.all(calls), [{ category: 1 }, { category: 2 }]);
});

test('who waits too long is refused, and not served any more', async () => {
  const one = new HandReplica();
  const { front } = apiOf([one], { timeout: 0.02 });
  const late: Outcome[] = await Promise.all([front.predict('a'), front.predict('b')]);
  assert.deepEqual(late, Array(2).fill({ refused: 'late', reason: 'not within 0.02 s' }));
  const [third] = await predictAll(front, 'c');
  await one.end(1);
  assert.deepEqual(one.texts, ['a', 'c']);
  await one.end(3);
  assert.deepEqual(await third, { category: 3 });
});

test('a replica that gives up when nobody waits any more serves the next one', async () => {
  const one = new HandReplica({ givesUp: true });
  const { front } = apiOf([one], { timeout: 0.02 });
  assert.deepEqual(await front.predict('a'), { refused: 'late', reason: 'not within 0.02 s' });
  const [next] = await predictAll(front, 'b');
  await one.end(2);
  assert.deepEqual(await next, { category: 2 });
});

test('a replica that comes later takes from the queue; one that is gone gets nothing more', async () => {
  const [one, two] = [new HandReplica(), new HandReplica()];
  const { balancer, front } = apiOf([one]);
  const calls = await predictAll(front, 'a', 'b', 'c');
  balancer.use([two]);
  assert.deepEqual([one.texts, two.texts], [['a'], ['b']]);
  await one.end(1);
  assert.deepEqual([one.texts, two.texts], [['a'], ['b']]);
  await two.end(2);
  await two.end(3);
  assert.deepEqual(
    await Promise.all(calls),
    [1, 2, 3].map((category) => ({ category })),
  );
});

test('the API hands on as many as it has workers, whoever waits longest first', async () => {
  const [one, two, three] = [new HandReplica(), new HandReplica(), new HandReplica()];
  const { balancer, front } = apiOf([one, two, three], { workers: 2 });
  const calls = await predictAll(front, 'a', 'b', 'c', 'd');
  assert.deepEqual([one.texts, two.texts, three.texts], [['a'], ['b'], []]);
  assert.deepEqual([balancer.running, front.waiting], [2, 2]);
  await two.end(2);
  assert.deepEqual([one.texts, two.texts, three.texts], [['a'], ['b'], ['c']]);
  await three.end(3);
  await two.end(4);
  await one.end(1);
  assert.deepEqual(
    await Promise.all(calls),
    [1, 2, 3, 4].map((category) => ({ category })),
  );
});

test('a worker whose request was late has time for the next one', async () => {
  const [one, two] = [new HandReplica({ givesUp: true }), new HandReplica({ givesUp: true })];
  const { balancer, front } = apiOf([one, two], { workers: 1, workTime: 1, timeout: 0.05 });
  const late = Array(3).fill({ refused: 'late', reason: 'not within 0.05 s' });
  assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((text) => front.predict(text))), late);
  balancer.use([{ predict: () => Promise.resolve(4) }]);
  assert.deepEqual(await front.predict('d'), { category: 4 });
});

test('the API classifies as the classifier does', async (t) => {
  const url = await listening(t, modelServer({ serviceTime: 0 }));
  assert.deepEqual(await post(`${url}/predict`, { text: 'election' }), { status: 200, answer: { category: 3 } });
  assert.deepEqual(await post(`${url}/predict`, { text: '' }), {
    status: 400,
    answer: { error: 'text must not be empty' },
  });
});

test('the API says 503 when it is full, 504 when it is late, and on / how busy it is', async (t) => {
  const options = { replicas: 2, serviceTime: 10_000, apiLimit: 3, timeout: 0.5 };
  const url = await listening(t, modelServer(options));
  const calls = [1, 2, 3].map(() => post(`${url}/predict`, { text: 'election' }));
  const busy = { replicas: 2, running: 2, waiting: 1, served: 0 };
  await until('it is busy', async () => {
    const state = await (await fetch(url)).json();
    return JSON.stringify(state) === JSON.stringify(busy);
  });
  assert.equal((await post(`${url}/predict`, { text: 'election' })).status, 503);
  for (const { status } of await Promise.all(calls)) assert.equal(status, 504);
});

test('models elsewhere serve in place of own ones, and one that fails is a 502', async (t) => {
  const elsewhere = new URL(await listening(t, modelServer({ serviceTime: 0 })));
  const upstream = { host: elsewhere.hostname, port: Number(elsewhere.port) };
  const url = await listening(t, modelServer({ upstream }));
  assert.deepEqual(await post(`${url}/predict`, { text: 'election' }), { status: 200, answer: { category: 3 } });
  const gone = await listening(t, modelServer({ upstream: { host: '127.0.0.1', port: 1 } }));
  assert.equal((await post(`${gone}/predict`, { text: 'election' })).status, 502);
});

test('models of this process are scaled while they serve', async (t) => {
  const url = await listening(t, modelServer({ serviceTime: 0 }));
  const scale = async (replicas: unknown): Promise<readonly [number, unknown]> => {
    const answer = await fetch(`${url}/replicas`, { method: 'PUT', body: JSON.stringify({ replicas }) });
    return [answer.status, await answer.json()];
  };
  assert.deepEqual(await scale(3), [200, { replicas: 3, running: 0, waiting: 0, served: 0 }]);
  assert.deepEqual(await scale(1), [200, { replicas: 1, running: 0, waiting: 0, served: 0 }]);
  for (const wrong of [0, 1.5, '3', null, 10_001]) {
    assert.deepEqual(await scale(wrong), [400, { error: 'replicas must be a whole number from 1 to 10000' }]);
  }
  assert.equal((await post(`${url}/predict`, { text: 'election' })).status, 200);
});
