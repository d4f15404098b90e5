import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Balancer, type Outcome, type Replica } from '../../src/targets/model/balancer.ts';
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

function balancerOf(replicas: readonly Replica[], limit = 10, timeout = 60): Balancer {
  const balancer = new Balancer({ limit, timeout });
  balancer.use(replicas);
  return balancer;
}

test('who comes first is served first, by the replica that is free', async () => {
  const [one, two] = [new HandReplica(), new HandReplica()];
  const balancer = balancerOf([one, two]);
  const calls = ['a', 'b', 'c', 'd'].map((text) => balancer.predict(text));
  assert.deepEqual([one.texts, two.texts], [['a'], ['b']]);
  assert.deepEqual([balancer.running, balancer.waiting], [2, 2]);
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
  const balancer = balancerOf([one], 2);
  const calls = [balancer.predict('a'), balancer.predict('b')];
  assert.deepEqual(await balancer.predict('c'), { refused: 'full', reason: 'more than 2 requests at once' });
  await one.end(1);
  await one.end(2);
  assert.deepEqual(await Promise.all(calls), [{ category: 1 }, { category: 2 }]);
});

test('who waits too long is refused, and not served any more', async () => {
  const one = new HandReplica();
  const balancer = balancerOf([one], 10, 0.02);
  const late: Outcome[] = await Promise.all([balancer.predict('a'), balancer.predict('b')]);
  assert.deepEqual(late, Array(2).fill({ refused: 'late', reason: 'not within 0.02 s' }));
  const third = balancer.predict('c');
  await one.end(1);
  assert.deepEqual(one.texts, ['a', 'c']);
  await one.end(3);
  assert.deepEqual(await third, { category: 3 });
});

test('a replica that gives up when nobody waits any more serves the next one', async () => {
  const one = new HandReplica({ givesUp: true });
  const balancer = balancerOf([one], 10, 0.02);
  assert.deepEqual(await balancer.predict('a'), { refused: 'late', reason: 'not within 0.02 s' });
  await setImmediate();
  const next = balancer.predict('b');
  await one.end(2);
  assert.deepEqual(await next, { category: 2 });
});

test('a replica that comes later takes from the queue; one that is gone gets nothing more', async () => {
  const [one, two] = [new HandReplica(), new HandReplica()];
  const balancer = balancerOf([one]);
  const calls = ['a', 'b', 'c'].map((text) => balancer.predict(text));
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
