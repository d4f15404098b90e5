import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { StopUser } from '../../src/errors.ts';
import { events, type RequestEvent } from '../../src/user/events.ts';
import { User } from '../../src/user/user.ts';
import { counted, environmentOf, logged, start, userErrors } from './scene.ts';

/** All request events while the test runs; `act` is called with each. */
function requests(t: TestContext, act: (event: RequestEvent) => unknown = () => {}): RequestEvent[] {
  const heard: RequestEvent[] = [];
  const listener = events.request.addListener((event) => {
    heard.push(event);
    act(event);
  });
  t.after(() => events.request.removeListener(listener));
  return heard;
}

const newUser = (): User => new User(environmentOf());

test('record counts nothing after an abort, and tells no listener', (t) => {
  const heard = requests(t);
  const user = newUser();
  user.life.abort();
  user.record('GET', '/', 1, 0);
  assert.deepEqual([counted(user.environment), heard], [[], []]);
});

test('a request event is made only if someone listens', () => {
  class Told extends User {
    override context(): Record<string, unknown> {
      return assert.fail('it was asked');
    }
  }
  const user = new Told(environmentOf());
  user.record('GET', '/', 1, 0);
  assert.deepEqual(counted(user.environment), ['GET /']);
});

test('a request event tells all that is known', (t) => {
  const heard = requests(t);
  const error = new Error('no');
  newUser().record('GET', '/', 1.5, 7, error, { response: 'r', url: 'http://x/' });
  assert.deepEqual(heard, [
    {
      requestType: 'GET',
      name: '/',
      responseTime: 1.5,
      responseLength: 7,
      exception: error,
      context: {},
      response: 'r',
      url: 'http://x/',
    },
  ]);
});

test('a failure that is none is no exception of the event', (t) => {
  const heard = requests(t);
  newUser().record('GET', '/', null, 0, '');
  assert.deepEqual([heard[0]?.exception, heard[0]?.responseTime], [undefined, null]);
});

test('the context of an event is that of the user with that of the request over it', (t) => {
  class Told extends User {
    override context(): Record<string, unknown> {
      return { tenant: 'acme', step: 1 };
    }
  }
  const heard = requests(t);
  new Told(environmentOf()).record('GET', '/', 1, 0, undefined, { context: { step: 2, id: 7 } });
  assert.deepEqual(heard[0]?.context, { tenant: 'acme', step: 2, id: 7 });
});

test('the response that measured work fills in is in the event', async (t) => {
  const heard = requests(t);
  await newUser().measure('x', 'y', (measurement) => {
    measurement.response = { ok: true };
  });
  assert.deepEqual(heard[0]?.response, { ok: true });
});

test('the request is counted before listeners hear of it', (t) => {
  const user = newUser();
  const seen: string[][] = [];
  requests(t, () => seen.push(counted(user.environment)));
  user.record('GET', '/', 1, 0);
  assert.deepEqual(seen, [['GET /']]);
});

test('a request listener that throws loses no request', (t) => {
  const lines = logged();
  requests(t, () => {
    throw new Error('broken');
  });
  const user = newUser();
  user.record('GET', '/', 1, 0);
  assert.deepEqual([counted(user.environment), lines], [['GET /'], ['a listener of request threw: Error: broken']]);
});

test('control flow of a request listener ends the task, and the request is counted once', async (t) => {
  const errors = userErrors(t);
  requests(t, () => {
    throw new StopUser();
  });
  const trace: string[] = [];
  class Told extends User {
    static tasks = { task: 1 };
    async task() {
      trace.push('task');
      await this.measure('GET', '/', () => {});
      trace.push('not reached');
    }
    onStop() {
      trace.push('stop');
    }
  }
  const environment = environmentOf();
  await start(Told, environment).ended;
  assert.deepEqual([trace, counted(environment), errors], [['task', 'stop'], ['GET /'], []]);
});

test('a context that throws fails the task, and the request is counted once, as it was', async (t) => {
  requests(t);
  class Told extends User {
    override context(): Record<string, unknown> {
      throw new Error('no context');
    }
  }
  const user = new Told(environmentOf());
  await assert.rejects(
    user.measure('GET', '/', () => {}),
    /no context/,
  );
  const [entry] = user.environment.stats.drain().entries;
  assert.deepEqual([entry?.numRequests, entry?.numFailures], [1, 0]);
});
