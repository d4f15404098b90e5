import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { InterruptTaskSet, RescheduleTask, StopUser } from '../../src/errors.ts';
import type { GrpcUser } from '../../src/grpc/grpc-user.ts';
import type { CallOptions } from '../../src/grpc/options.ts';
import { events } from '../../src/user/events.ts';
import { type Category, type Classifier, status, Target } from './target.ts';
import { counted, makeUser, rowsOf } from './user-under-test.ts';

type CatchResponse = NonNullable<CallOptions<Category>['catchResponse']>;

/** A user of a server that refuses the text `bad`. */
async function badUser(t: TestContext): Promise<GrpcUser<Classifier>> {
  const target = await Target.start(t, {
    predict: (call, answer) =>
      call.request.text === 'bad' ? answer(status(5, 'no such text')) : answer(null, { category: 1 }),
  });
  return makeUser(t, { host: target.host });
}

const verdicts: readonly [what: string, text: string, check: CatchResponse, failure: string | undefined][] = [
  ['nothing, OK', 'good', () => {}, undefined],
  ['nothing, NOT_FOUND', 'bad', () => {}, 'NOT_FOUND: no such text'],
  ['false is no verdict', 'good', () => false, undefined],
  ['success of a NOT_FOUND', 'bad', ({ success }) => success(), undefined],
  ['a text', 'good', ({ failure }) => failure("it's wrong"), 'CatchResponseError("it\'s wrong")'],
  ['an Error', 'good', ({ failure }) => failure(new TypeError('odd')), "TypeError('odd')"],
  [
    'the message of the response',
    'good',
    ({ response, failure }) => response.response?.category === 2 || failure('not two'),
    "CatchResponseError('not two')",
  ],
  [
    'the last one counts',
    'good',
    ({ success, failure }) => {
      failure('x');
      success();
    },
    undefined,
  ],
  [
    'a thrown Error',
    'good',
    () => {
      throw new RangeError('too far');
    },
    "RangeError('too far')",
  ],
  ['a rejection', 'good', async () => Promise.reject(new Error('later')), "Error('later')"],
  ['raiseForStatus', 'bad', ({ response }) => response.raiseForStatus(), "GrpcError('NOT_FOUND: no such text')"],
];
for (const [what, text, check, failure] of verdicts) {
  test(`catchResponse: ${what}`, async (t) => {
    const user = await badUser(t);
    await user.client.predict({ text }, { catchResponse: check });
    const { entries, errors } = counted(user);
    assert.deepEqual([entries.length, entries[0]?.numRequests], [1, 1]);
    assert.equal(errors[0]?.error, failure);
  });
}

test('a refused connection can be judged, too', async (t) => {
  const user = makeUser(t, { host: '127.0.0.1:1' });
  await user.client.predict(
    { text: '' },
    { catchResponse: ({ response, success }) => response.status === 'UNAVAILABLE' && success() },
  );
  assert.deepEqual(counted(user).errors, []);
});

test('a stream that is awaited is judged at its end, with all its messages', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const answer = await user.client.predictWords(
    { text: 'to be' },
    { catchResponse: ({ response, failure }) => failure(`${response.messages.length} words`) },
  );
  assert.equal(answer.ok, true);
  assert.deepEqual(
    counted(user).errors.map(({ error }) => error),
    ["CatchResponseError('2 words')"],
  );
});

test('so is one that is awaited late', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const counts: number[] = [];
  const catchResponse = ({ response }: { response: { messages: readonly unknown[] } }): unknown =>
    counts.push(response.messages.length);
  const stream = user.client.predictWords({ text: 'alone' }, { catchResponse });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await stream).messages.length, 1);
  assert.deepEqual(counts, [1]);
});

test('a stream that is iterated is judged before the loop ends', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: target.host });
  const order: string[] = [];
  const stream = user.client.predictWords(
    { text: 'to be' },
    { catchResponse: ({ response }) => order.push(`judged ${response.messageCount}`) },
  );
  for await (const { word } of stream) order.push(word);
  order.push('after');
  assert.deepEqual(order, ['to', 'be', 'judged 2', 'after']);
});

test('rename counts under another name', async (t) => {
  const user = await badUser(t);
  await user.client.predict({ text: 'bad' }, { catchResponse: ({ rename }) => rename('gone') });
  const { entries, errors } = counted(user);
  assert.deepEqual([entries[0]?.name, errors[0]?.name], ['gone', 'gone']);
});

test('the time of a catchResponse is not counted', async (t) => {
  const user = await badUser(t);
  let before = 0;
  await user.client.predict(
    { text: 'good' },
    {
      catchResponse: ({ response }) => {
        before = response.elapsed;
        return new Promise((resolve) => setTimeout(resolve, 20));
      },
    },
  );
  assert.ok(before > 0);
  assert.equal(counted(user).entries[0]?.totalResponseTime, before);
});

for (const Flow of [StopUser, RescheduleTask, InterruptTaskSet]) {
  test(`${Flow.name} passes and nothing is counted, unless a verdict was given before`, async (t) => {
    const user = await badUser(t);
    const check: CatchResponse = () => {
      throw new Flow();
    };
    await assert.rejects(user.client.predict({ text: 'good' }, { catchResponse: check }), Flow);
    await assert.rejects(async () => {
      for await (const _ of user.client.predictWords({ text: 'a' }, { catchResponse: check as never }));
    }, Flow);
    assert.deepEqual(rowsOf(user), []);
    const judged: CatchResponse = ({ failure }) => {
      failure('enough');
      throw new Flow();
    };
    await assert.rejects(user.client.predict({ text: 'good' }, { catchResponse: judged }), Flow);
    assert.deepEqual(
      counted(user).errors.map(({ error }) => error),
      ["CatchResponseError('enough')"],
    );
  });
}

test('control flow of a listener ends the task, the sample is kept', async (t) => {
  const user = await badUser(t);
  const listener = events.request.addListener(() => {
    throw new StopUser();
  });
  t.after(() => events.request.removeListener(listener));
  await assert.rejects(user.client.predict({ text: 'good' }), StopUser);
  assert.deepEqual(rowsOf(user), ['grpc /text.v1.Classifier/Predict 1']);
});
