import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { InterruptTaskSet, RescheduleTask, StopUser } from '../../src/errors.ts';
import type { HttpUser } from '../../src/http/http-user.ts';
import type { CatchResponse } from '../../src/http/verdict.ts';
import { events, type RequestEvent } from '../../src/user/events.ts';
import { serve } from './target.ts';
import { counted, makeUser, namesOf } from './user-under-test.ts';

/** A user of a server that answers `/200`, `/500` with that status and `{"name":""}`. */
async function userOf(t: TestContext): Promise<HttpUser> {
  const target = await serve(t, (request, response) => {
    response.writeHead(Number(request.url?.slice(1))).end('{"name":""}');
  });
  return makeUser({ host: target.url });
}

const verdicts: readonly [what: string, path: string, check: CatchResponse, failure: string | undefined][] = [
  ['nothing, 200', '/200', () => {}, undefined],
  ['nothing, 500', '/500', () => {}, "HTTPError('500 Server Error: Internal Server Error for url: /500')"],
  ['false is no verdict', '/200', () => false, undefined],
  ['success of a 500', '/500', ({ success }) => success(), undefined],
  ['a text', '/200', ({ failure }) => failure("it's wrong"), 'CatchResponseError("it\'s wrong")'],
  ['an Error', '/200', ({ failure }) => failure(new TypeError('odd')), "TypeError('odd')"],
  [
    'the idiom of the guide',
    '/200',
    ({ response, failure }) => response.json<{ name: string }>().name || failure('no name'),
    "CatchResponseError('no name')",
  ],
  [
    'the last one counts',
    '/200',
    ({ success, failure }) => {
      failure('x');
      success();
    },
    undefined,
  ],
  [
    'a thrown Error',
    '/200',
    () => {
      throw new RangeError('too far');
    },
    "RangeError('too far')",
  ],
  [
    'a thrown text',
    '/200',
    () => {
      throw 'text';
    },
    'Error("\'text\' was thrown, which is not an Error")',
  ],
  ['a rejection', '/200', async () => Promise.reject(new Error('later')), "Error('later')"],
  ['raiseForStatus', '/500', ({ response }) => response.raiseForStatus(), 'HTTPError('],
  [
    'after a while',
    '/200',
    async ({ failure }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      failure('late');
    },
    "CatchResponseError('late')",
  ],
];
for (const [what, path, check, failure] of verdicts) {
  test(`catchResponse: ${what}`, async (t) => {
    const user = await userOf(t);
    await user.client.get(path, { catchResponse: check });
    const { entries, errors } = counted(user);
    assert.deepEqual([entries.length, entries[0]?.numRequests], [1, 1]);
    assert.equal(errors[0]?.error.slice(0, failure?.length), failure);
  });
}

test('a connection error can be judged, too', async () => {
  const user = makeUser({ host: 'http://127.0.0.1:1' });
  await user.client.get('/', {
    catchResponse: ({ response, success }) => response.error?.name === 'ConnectionRefusedError' && success(),
  });
  assert.deepEqual(counted(user).errors, []);
});

test('rename counts under another name, also in the text of a failure', async (t) => {
  const user = await userOf(t);
  await user.client.get('/404', { catchResponse: ({ rename }) => rename('gone') });
  const { entries, errors } = counted(user);
  assert.deepEqual([entries[0]?.name, errors[0]?.error.slice(-15)], ['gone', "for url: gone')"]);
});

test('the time of a catchResponse is not counted', async (t) => {
  const user = await userOf(t);
  let before = 0;
  await user.client.get('/200', {
    catchResponse: ({ response }) => {
      before = response.elapsed;
      return new Promise((resolve) => setTimeout(resolve, 20));
    },
  });
  assert.ok(before > 0);
  assert.equal(counted(user).entries[0]?.totalResponseTime, before);
});

for (const Flow of [StopUser, RescheduleTask, InterruptTaskSet]) {
  test(`${Flow.name} passes and nothing is counted, unless a verdict was given before`, async (t) => {
    const user = await userOf(t);
    const check: CatchResponse = () => {
      throw new Flow();
    };
    await assert.rejects(user.client.get('/200', { catchResponse: check }), Flow);
    assert.deepEqual(namesOf(user), []);
    const judged: CatchResponse = ({ failure }) => {
      failure('enough');
      throw new Flow();
    };
    await assert.rejects(user.client.get('/200', { catchResponse: judged }), Flow);
    assert.deepEqual(
      counted(user).errors.map(({ error }) => error),
      ["CatchResponseError('enough')"],
    );
  });
}

test('a listener of request gets the response, the first URL and the context', async (t) => {
  const target = await serve(t, (request, response) => {
    if (request.url === '/a') response.writeHead(302, { location: '/b' });
    response.end();
  });
  const user = makeUser({ host: target.url });
  const heard: RequestEvent[] = [];
  const listener = events.request.addListener((event) => heard.push(event));
  t.after(() => events.request.removeListener(listener));
  const answer = await user.client.get('/a', { context: { tenant: 'acme' }, name: 'n' });
  const [event] = heard;
  assert.deepEqual([event?.requestType, event?.name, event?.exception], ['GET', 'n', undefined]);
  assert.deepEqual([event?.responseTime, event?.responseLength], [answer.elapsed, 0]);
  assert.deepEqual([event?.context, event?.response, event?.url], [{ tenant: 'acme' }, answer, `${target.url}/a`]);
});

test('control flow of a listener ends the task, the sample is kept', async (t) => {
  const user = await userOf(t);
  const listener = events.request.addListener(() => {
    throw new StopUser();
  });
  t.after(() => events.request.removeListener(listener));
  await assert.rejects(user.client.get('/200'), StopUser);
  assert.deepEqual(namesOf(user), ['GET /200']);
});
