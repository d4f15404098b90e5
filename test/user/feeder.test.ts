import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { StopUser } from '../../src/errors.ts';
import { feeder } from '../../src/user/feeder.ts';
import type { Tasks } from '../../src/user/tasks.ts';
import { User } from '../../src/user/user.ts';
import { atPlace } from './at-place.ts';
import { environmentOf, gate, logged, start, userErrors } from './scene.ts';

class Idle extends User {
  static override tasks = { go: 1 } satisfies Tasks<Idle>;
  go(): void {}
}
const user = (): User => new Idle(environmentOf());
const times = (count: number): undefined[] => new Array(count).fill(undefined);

test('rows come in their order, and from the start again', () => {
  const rows = feeder(['a', 'b']);
  assert.deepEqual(
    times(5).map(() => rows.take(user())),
    ['a', 'b', 'a', 'b', 'a'],
  );
});

test('one user gets the next row each time', () => {
  const rows = feeder(['a', 'b']);
  const one = user();
  assert.deepEqual([rows.take(one), rows.take(one)], ['a', 'b']);
});

test("onEnd 'stop' ends the user that asks for a row too many", () => {
  const rows = feeder(['a'], { onEnd: 'stop' });
  rows.take(user());
  assert.throws(() => rows.take(user()), StopUser);
});

test("onEnd 'error' says how many rows there were", () => {
  const rows = feeder(['a', 'b'], { onEnd: 'error' });
  for (const _ of times(2)) rows.take(user());
  assert.throws(() => rows.take(user()), {
    message: 'all is used up: there are 2 rows of the list for this thread (part 1 of 1)',
  });
});

test('each thread gives out its own part only', (t) => {
  const taken = [0, 1].flatMap((worker) =>
    [0, 1].map((thread) => {
      atPlace(t, { worker: [worker, 2], thread: [thread, 2] });
      return feeder([1, 2, 3, 4, 5]).rows;
    }),
  );
  assert.deepEqual(taken, [[1, 2], [3], [4], [5]]);
});

test('a list that is shorter than there are threads is cycled through by all of them', (t) => {
  atPlace(t, { thread: [3, 4] });
  assert.equal(feeder(['a', 'b']).take(user()), 'a');
});

test('a thread without a part ends its users when rows are for once', (t) => {
  atPlace(t, { thread: [3, 4] });
  assert.throws(() => feeder(['a', 'b'], { onEnd: 'stop' }).take(user()), StopUser);
});

test('an empty list has nothing to cycle through', () => {
  assert.throws(() => feeder([]).take(user()), { message: /^all is used up: there are 0 rows/ });
});

test('rows that may be undefined are rows', () => {
  const rows = feeder([undefined, 'b'], { unique: true });
  assert.deepEqual([rows.take(user()), rows.take(user())], [undefined, 'b']);
});

test('unique and cycle exclude each other', () => {
  assert.throws(() => feeder(['a'], { unique: true, onEnd: 'cycle' }), { name: 'UsageError', message: /exclude/ });
});

test('an unknown onEnd is an error', () => {
  assert.throws(() => feeder(['a'], { onEnd: 'repeat' as 'cycle' }), { name: 'UsageError', message: /'repeat'/ });
});

test('with unique, users beyond the rows fail, and are told of both numbers', (t) => {
  atPlace(t, { worker: [1, 2] });
  const rows = feeder(['a', 'b', 'c', 'd'], { unique: true });
  for (const _ of times(2)) rows.take(user());
  assert.throws(() => rows.take(user()), {
    message:
      'more users than rows: 3 users at a time want rows, and there are 2 rows of the list for this thread ' +
      '(part 2 of 2); start fewer users, or give the list more rows',
  });
});

test('all users beyond the rows fail with the same text, so that they are one exception', () => {
  const rows = feeder(['a'], { unique: true });
  rows.take(user());
  const texts = times(3).map(() => {
    try {
      return rows.take(user());
    } catch (thrown) {
      return (thrown as Error).message;
    }
  });
  assert.equal(new Set(texts).size, 1);
});

test("with unique and 'stop', a user beyond the rows ends", () => {
  const rows = feeder(['a'], { unique: true, onEnd: 'stop' });
  rows.take(user());
  assert.throws(() => rows.take(user()), StopUser);
});

/** A class whose users take a row in `onStart`, and stay in their task until they are aborted. */
function takers(more: Partial<Pick<User, 'onStart' | 'onStop'>> = {}): {
  readonly Taker: typeof Idle;
  readonly isFree: () => boolean;
} {
  const rows = feeder(['the row'], { unique: true });
  class Taker extends Idle {
    override async onStart(): Promise<void> {
      rows.take(this);
      await more.onStart?.call(this);
    }
    override async go(): Promise<void> {
      await this.sleep(3600);
    }
    override onStop(): unknown {
      return more.onStop?.call(this);
    }
  }
  const isFree = (): boolean => {
    const other = user();
    try {
      rows.take(other);
    } catch {
      return false;
    }
    other.life.end();
    return true;
  };
  return { Taker, isFree };
}

test('a row is held while the user runs, and back when it was aborted', async () => {
  const { Taker, isFree } = takers();
  const loop = start(Taker);
  assert.equal(isFree(), false);
  loop.stop();
  loop.abort();
  await loop.ended;
  assert.equal(isFree(), true);
});

test('a row is held until onStop has run', async () => {
  const seen: boolean[] = [];
  const { Taker, isFree } = takers({ onStop: () => seen.push(isFree()) });
  const loop = start(Taker);
  loop.stop();
  loop.abort();
  await loop.ended;
  assert.deepEqual(seen, [false]);
});

test('a row comes back when onStart throws', async (t) => {
  const errors = userErrors(t);
  const { Taker, isFree } = takers({
    onStart: () => {
      throw new Error('not today');
    },
  });
  await start(Taker).ended;
  assert.deepEqual([errors, isFree()], [['not today'], true]);
});

test('a row comes back when onStart ends its user', async () => {
  const { Taker, isFree } = takers({
    onStart: () => {
      throw new StopUser();
    },
  });
  await start(Taker).ended;
  assert.equal(isFree(), true);
});

test('a row comes back when onStop throws', async () => {
  logged();
  const { Taker, isFree } = takers({
    onStop: () => {
      throw new Error('no');
    },
  });
  const loop = start(Taker);
  loop.stop();
  loop.abort();
  await loop.ended;
  assert.equal(isFree(), true);
});

test('a row comes back when the user is given up in mid-task', async () => {
  const { passed, open } = gate();
  const { Taker, isFree } = takers({ onStart: () => passed });
  const loop = start(Taker);
  loop.giveUp();
  assert.equal(isFree(), true);
  open();
  await loop.ended;
});

test('a row can be given back before its user ends', () => {
  const rows = feeder(['a'], { unique: true });
  const one = user();
  rows.take(one);
  rows.giveBack(one);
  assert.equal(rows.take(user()), 'a');
});

test('a user beyond the rows is an exception of the user, and is gone', async (t) => {
  const errors = userErrors(t);
  const { Taker } = takers();
  const first = start(Taker);
  await start(Taker).ended;
  assert.match(errors.join(), /^more users than rows: 2 users .* one row of the list/);
  first.giveUp();
});

test('a CSV file beside the user file feeds users', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-feeder-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'accounts.csv'), 'name,password\nann,1\nbob,2\n');
  atPlace(t, { folders: [folder], worker: [1, 2] });
  const accounts = feeder.csv('accounts.csv', { unique: true });
  assert.deepEqual(accounts.take(user()), { name: 'bob', password: '2' });
  assert.throws(() => accounts.take(user()), { message: /accounts\.csv/ });
});
