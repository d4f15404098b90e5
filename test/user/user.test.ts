import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { RescheduleTask, StopUser } from '../../src/errors.ts';
import { events, type RequestEvent } from '../../src/user/events.ts';
import { TaskSet } from '../../src/user/task-set.ts';
import { type Measurement, User } from '../../src/user/user.ts';
import { constant, type WaitTime } from '../../src/user/wait-time.ts';
import { counted, environmentOf, gate, logged, start, userErrors } from './scene.ts';

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

test('measure counts the work as one request, with its time and length, and hands back its result', async (t) => {
  const times = [100, 112.5];
  const user = newUser();
  t.mock.method(performance, 'now', () => times.shift() ?? 112.5);
  const result = await user.measure('kafka', 'produce', async (measurement) => {
    measurement.responseLength = 42;
    return 'sent';
  });
  const [entry] = user.environment.stats.drain().entries;
  assert.equal(result, 'sent');
  assert.deepEqual(
    [entry?.method, entry?.name, entry?.totalResponseTime, entry?.totalContentLength, entry?.numFailures],
    ['kafka', 'produce', 12.5, 42, 0],
  );
});

test('measured work may be synchronous, and may choose its name', async () => {
  const user = newUser();
  await user.measure('file', 'read', (measurement) => {
    measurement.name = 'read hosts';
  });
  assert.deepEqual(counted(user.environment), ['file read hosts']);
});

test('work that throws is a failure, and its error is thrown on', async () => {
  const user = newUser();
  const error = new TypeError('no broker');
  const work = (measurement: Measurement): never => {
    measurement.responseLength = 3;
    throw error;
  };
  await assert.rejects(user.measure('kafka', 'produce', work), (thrown) => thrown === error);
  const { entries, errors } = user.environment.stats.drain();
  assert.deepEqual([entries[0]?.numFailures, entries[0]?.totalContentLength], [1, 3]);
  assert.deepEqual(errors[0]?.error, "TypeError('no broker')");
});

test('what is thrown and no Error is a failure too, and thrown on as it is', async () => {
  const user = newUser();
  await assert.rejects(
    user.measure('x', 'y', () => Promise.reject(404)),
    (thrown) => thrown === 404,
  );
  assert.equal(user.environment.stats.drain().errors[0]?.error, "Error('404 was thrown, which is not an Error')");
});

test('control flow in measured work passes, and nothing is counted', async () => {
  const user = newUser();
  for (const flow of [new StopUser(), new RescheduleTask()]) {
    await assert.rejects(
      user.measure('x', 'y', () => Promise.reject(flow)),
      (thrown) => thrown === flow,
    );
  }
  assert.deepEqual(counted(user.environment), []);
});

test('work that was under way at an abort is not counted, however it ends', async () => {
  for (const settle of ['open', 'fail'] as const) {
    const user = newUser();
    const { passed, ...ends } = gate<unknown>();
    const measured = user.measure('x', 'y', () => passed);
    user.life.abort();
    ends[settle](new Error('late'));
    await assert.rejects(measured, StopUser);
    assert.deepEqual(counted(user.environment), []);
  }
});

test('work that was under way at an abort is not counted when it ends during onStop', async () => {
  const user = newUser();
  const { passed, open } = gate();
  const measured = user.measure('x', 'y', () => passed);
  user.life.abort();
  user.life.beginEnd();
  open();
  await assert.rejects(measured, StopUser);
  assert.deepEqual(counted(user.environment), []);
});

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

test('the host of a user is that of its class', () => {
  class Told extends User {
    static override host = 'http://a';
  }
  const user = new Told(environmentOf());
  assert.equal(user.host, 'http://a');
  Told.host = 'http://b';
  assert.equal(user.host, 'http://b');
  assert.equal(newUser().host, undefined);
});

test('wait takes the wait time of the class, called with the user', async () => {
  const asked: unknown[] = [];
  class Waiting extends User {
    static waitTime: WaitTime = (waiter) => {
      asked.push(waiter);
      return 0.001;
    };
  }
  const user = new Waiting(environmentOf());
  await user.wait();
  assert.deepEqual(asked, [user]);
});

test('a task set waits by its own wait time, or by that of its user', async () => {
  class Waiting extends User {
    static waitTime = constant(0.001);
  }
  class Own extends TaskSet {
    static waitTime = constant(0.002);
  }
  const user = new Waiting(environmentOf());
  const waits: number[] = [];
  user.life.wait = async (seconds) => {
    waits.push(seconds);
  };
  await new Own(user).wait();
  await new TaskSet(user).wait();
  assert.deepEqual(waits, [0.002, 0.001]);
});

test('a task set sleeps, measures and aborts as its user does, and has its client', async () => {
  class WithClient extends User {
    readonly client = { get: () => 'got' };
  }
  const user = new WithClient(environmentOf());
  const set = new TaskSet<WithClient>(new TaskSet<WithClient>(user));
  await set.sleep(0.001);
  assert.equal(await set.measure('x', 'y', () => set.client.get()), 'got');
  assert.deepEqual([set.user, set.environment, set.signal], [user, user.environment, user.signal]);
  assert.deepEqual(counted(user.environment), ['x y']);
});
