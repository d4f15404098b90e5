// What holds of a classifier in whatever language: the same facts for the one in process and for all six programs.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Ended, GrpcClassifier } from './grpc-classifier.ts';
import { ask, categoriesOverRest, expectedOf, restCases } from './rest-cases.ts';
import { categoryOf, madeTexts } from './texts.ts';

const texts = madeTexts(1000);
const invalidArgument = 3;
const notFound = 5;
const serving = 1;

const badTexts = [
  { name: 'an empty text', text: '', reason: 'text must not be empty' },
  { name: 'a text of blanks', text: ' \t\r\n ', reason: 'text must not be empty' },
  { name: 'a byte too many', text: 'x'.repeat(16_385), reason: 'text must not be longer than 16384 bytes' },
  {
    name: 'a byte of UTF-8 too many',
    text: `${'ä'.repeat(8192)}x`,
    reason: 'text must not be longer than 16384 bytes',
  },
];

const ok = (...messages: readonly unknown[]): Ended => ({ code: 0, details: '', messages });
const refused = (details: string, ...messages: readonly unknown[]): Ended => ({
  code: invalidArgument,
  details,
  messages,
});

/** Fails with the texts that are judged wrongly, not with a thousand numbers. */
function assertCategories(categories: readonly unknown[]): void {
  const wrong = texts.flatMap((text, at) =>
    categories[at] === categoryOf(text) ? [] : [{ text, is: categories[at], expected: categoryOf(text) }],
  );
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} wrong`);
  assert.equal(categories.length, texts.length);
}

/** Subtests of what a server at `url` answers over REST. */
export async function checkRest(t: TestContext, url: string): Promise<void> {
  await t.test('it tells the categories of 1,000 texts', async () => {
    assertCategories(await categoriesOverRest(url, texts));
  });
  for (const one of restCases) {
    await t.test(`it answers ${one.status}: ${one.name}`, async () => {
      assert.deepEqual(await ask(url, one), expectedOf(one));
    });
  }
}

/** Subtests of what a server at `host` answers over gRPC. */
export async function checkGrpc(t: TestContext, host: string): Promise<void> {
  const client = new GrpcClassifier(host);
  try {
    await checkTexts(t, client);
    await checkRefusals(t, client);
    await t.test('it is well, with its service, by the standard health service', async () => {
      assert.deepEqual(await client.health(''), ok(serving));
      assert.deepEqual(await client.health('text.v1.Classifier'), ok(serving));
      assert.equal((await client.health('text.v1.Nobody')).code, notFound);
    });
  } finally {
    client.close();
  }
}

async function checkTexts(t: TestContext, client: GrpcClassifier): Promise<void> {
  await t.test('Predict tells the categories of 1,000 texts', async () => {
    const answers = await Promise.all(texts.map((text) => client.predict(text)));
    assertCategories(answers.map(({ messages }) => (messages[0] as { category: number } | undefined)?.category));
  });
  await t.test('PredictEach tells them too, in their order', async () => {
    const { code, messages } = await client.predictEach(texts);
    assert.equal(code, 0);
    assertCategories(messages.map((message) => (message as { category: number }).category));
  });
  await t.test('PredictAll counts them', async () => {
    const counts: Record<string, number> = {};
    for (const text of texts) counts[categoryOf(text)] = (counts[categoryOf(text)] ?? 0) + 1;
    assert.deepEqual(await client.predictAll(texts), ok({ texts: 1000, counts }));
  });
  await t.test('PredictAll of no texts counts none', async () => {
    assert.deepEqual(await client.predictAll([]), ok({ texts: 0, counts: {} }));
  });
  await t.test('PredictWords parts a text at ASCII blanks only', async () => {
    const answer = await client.predictWords('\r\nElection,  and\u00a0goal\tFootball!\v\n選挙 ');
    const words = [
      ['Election,', 3],
      ['and\u00a0goal', 1],
      ['Football!\v', 1],
      ['選挙', 0],
    ];
    assert.deepEqual(answer, ok(...words.map(([word, category]) => ({ word, category }))));
  });
  await t.test('16,384 bytes of UTF-8 are not too many', async () => {
    assert.deepEqual(await client.predict(`election ${'ä'.repeat(8187)}x`), ok({ category: 3 }));
  });
}

async function checkRefusals(t: TestContext, client: GrpcClassifier): Promise<void> {
  for (const { name, text, reason } of badTexts) {
    await t.test(`each call refuses ${name}`, async () => {
      assert.deepEqual(await client.predict(text), refused(reason));
      assert.deepEqual(await client.predictWords(text), refused(reason));
      assert.deepEqual(await client.predictAll(['election', text, 'election']), refused(reason));
      const each = await client.predictEach(['election', 'goal', text, 'election']);
      assert.deepEqual(each, refused(reason, { category: 3 }, { category: 1 }));
    });
  }
}
