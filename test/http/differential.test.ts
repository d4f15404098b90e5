// The same answers to FastHttpUser and to HttpUser: the same status, headers and body, or both an error.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, type Outcome, type Script } from './answering.ts';
import { handMade, withExtras } from './answers.ts';
import { broken, chanceOf, pieces, rightAnswer } from './chance.ts';
import { differences } from './differences.ts';
import type { Answer } from './rows.ts';

const server = await answering();
test.after(() => server.close());

/** What was found to differ, by its reason. */
const seen = new Set<string>();

function scriptOf({ bytes, method = 'GET' }: Pick<Answer, 'bytes' | 'method'>, closes = true): Script {
  return { pieces: [Buffer.from(bytes, 'latin1')], method, closes };
}

/** What differs without a reason: that none of it does is the fact that is tested. */
async function compare(bytes: string, script: Script): Promise<Outcome> {
  const [fast, undici] = await Promise.all([server.ask(script, 'fast'), server.ask(script, 'undici')]);
  for (const { error, next } of [fast, undici]) {
    assert.doesNotMatch(error ?? '', /TimeoutError/, `hangs: ${JSON.stringify(bytes)}`);
    assert.equal(next, 'next', `a byte of one answer in the next: ${JSON.stringify(bytes)}`);
  }
  const isSame =
    fast.status === undici.status &&
    fast.headers === undici.headers &&
    fast.body === undici.body &&
    (fast.error === undefined) === (undici.error === undefined);
  if (!isSame) {
    const difference = differences.find(({ fits }) => fits(bytes, fast, undici));
    assert.ok(difference, `differs: ${JSON.stringify({ bytes: bytes.slice(0, 2000), fast, undici }, null, 1)}`);
    seen.add(difference.why);
  }
  return fast;
}

/** So many answers at once. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: 24 }, async () => {
      for (const item of left) await work(item);
    }),
  );
}

test('each trick of the literature is taken or refused as RFC 9112 has it, and as undici does', async () => {
  await inTurns(handMade, async (answer) => {
    const { error } = await compare(answer.bytes, scriptOf(answer));
    assert.equal(error === undefined, answer.is === 'right', `${answer.what}: ${error}`);
  });
});

test('bytes behind an answer end the connection, and are of no other answer', async () => {
  await inTurns(withExtras, async (answer) => {
    for (const closes of [false, true]) {
      const outcome = await compare(answer.bytes, scriptOf(answer, closes));
      assert.deepEqual([outcome.error, outcome.isNewConnection], [undefined, true], answer.what);
    }
  });
});

test('right answers that are kept open are read as they are when closed', async () => {
  const right = handMade.filter(({ is, what }) => is === 'right' && !/end|without a length|frame/.test(what));
  await inTurns(right, async (answer) => {
    const closed = await server.ask(scriptOf(answer), 'fast');
    const open = await server.ask(scriptOf(answer, false), 'fast');
    const isLast = /close|both|HTTP\/1\.0 200|a line end too/.test(answer.what + answer.bytes.slice(0, 60));
    const isKept = /keep-alive/.test(answer.bytes) && !/both/.test(answer.what);
    assert.deepEqual(
      { ...open, isNewConnection: isLast && !isKept },
      { ...closed, isNewConnection: open.isNewConnection },
    );
  });
});

test('small answers arrive byte by byte', async () => {
  const small = handMade.filter(({ bytes }) => bytes.length > 0 && bytes.length < 150);
  await inTurns(small, async (answer) => {
    const whole = await server.ask(scriptOf(answer), 'fast');
    const script = scriptOf(answer);
    const bytes = script.pieces[0] ?? Buffer.alloc(0);
    const cut = await server.ask(
      { ...script, pieces: Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1)) },
      'fast',
    );
    assert.deepEqual(cut, whole, answer.what);
  });
});

test('a small answer is cut in two at every byte', async () => {
  const text =
    'HTTP/1.1 103 Hint\r\na: b\r\n\r\nHTTP/1.1 200 OK\r\nx: y\r\ntransfer-encoding: chunked\r\n\r\n5;a\r\nhello\r\n0\r\nt: u\r\n\r\n';
  const bytes = Buffer.from(text);
  const places = Array.from({ length: bytes.length - 1 }, (_, at) => at + 1);
  await inTurns(places, async (at) => {
    const outcome = await compare(text, {
      pieces: [bytes.subarray(0, at), bytes.subarray(at)],
      method: 'GET',
      closes: false,
    });
    assert.deepEqual([outcome.status, outcome.body, outcome.isNewConnection], [200, 'hello', false]);
  });
});

for (const [what, seed, count, isBroken] of [
  ['right answers', 1, 600, false],
  ['broken answers', 2, 2400, true],
] as const) {
  test(`${count} ${what} by chance, whole and cut at random places`, async () => {
    const chance = chanceOf(seed);
    const cases = Array.from({ length: count }, (_, index): [string, Script] => {
      const text = isBroken ? broken(rightAnswer(chance), chance) : rightAnswer(chance);
      const script = scriptOf({ bytes: text });
      const isCut = index % 4 === 0 && script.pieces[0] !== undefined && text !== '';
      return [text, isCut ? { ...script, pieces: pieces(script.pieces[0] as Buffer, chance) } : script];
    });
    await inTurns(cases, async ([text, script]) => {
      const outcome = await compare(text, script);
      if (!isBroken) assert.equal(outcome.error, undefined, JSON.stringify(text));
    });
  });
}

test('each reason for a difference has been seen', () => {
  assert.deepEqual(
    differences.map(({ why }) => why).filter((why) => !seen.has(why)),
    [],
  );
});
