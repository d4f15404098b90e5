import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StopUser } from '../../src/errors.ts';
import { events, type RequestEvent, RequestHook } from '../../src/user/events.ts';
import { counted, environmentOf, logged } from './scene.ts';

const event: RequestEvent = { requestType: 'sftp', name: 'put', responseTime: 12.5, responseLength: 4096 };

test('a fired request is counted first, then told to the listeners', () => {
  const hook = new RequestHook('request');
  const trace: unknown[] = [];
  hook.addListener((heard) => trace.push('heard', heard));
  hook.countWith((one) => trace.push('counted', one));
  hook.fire(event);
  assert.deepEqual(trace, ['counted', event, 'heard', event]);
});

test('a fired request is counted even if a listener throws', () => {
  const lines = logged();
  const hook = new RequestHook('request');
  let count = 0;
  hook.countWith(() => count++);
  hook.addListener(() => {
    throw new Error('broken');
  });
  hook.addListener(() => {
    throw new StopUser();
  });
  assert.throws(() => hook.fire(event), StopUser);
  assert.deepEqual([count, lines], [1, ['a listener of request threw: Error: broken']]);
});

test('a request that is counted already is only told', () => {
  const hook = new RequestHook('request');
  const heard: RequestEvent[] = [];
  hook.countWith(() => assert.fail('counted twice'));
  hook.addListener((one) => heard.push(one));
  hook.notify(event);
  assert.deepEqual(heard, [event]);
});

test('each event is named in the log as users know it', () => {
  const lines = logged();
  for (const [name, hook] of Object.entries(events)) {
    const listener = hook.addListener(() => {
      throw new Error(name);
    });
    hook.fire(undefined as never);
    hook.removeListener(listener);
  }
  const names = Object.keys(events);
  assert.deepEqual(
    lines,
    names.map((name) => `a listener of ${name} threw: Error: ${name}`),
  );
});

test('an environment has the exported events, and forgets its statistics when asked to', () => {
  const environment = environmentOf();
  assert.equal(environment.events, events);
  environment.stats.record('GET', '/', 1, 0);
  environment.resetStats();
  assert.deepEqual(counted(environment), []);
});
