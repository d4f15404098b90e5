import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Leases } from '../../src/user/leases.ts';
import { Life } from '../../src/user/life.ts';

const user = (): { life: Life } => ({ life: new Life() });

test('each user has a row of its own', () => {
  const leases = new Leases(['a', 'b']);
  assert.deepEqual([leases.take(user()), leases.take(user())], ['a', 'b']);
});

test('a row is free again when its user is over', () => {
  const leases = new Leases(['a']);
  const first = user();
  leases.take(first);
  assert.equal(leases.isOut, true);
  first.life.end();
  assert.equal(leases.take(user()), 'a');
});

test('a row that came back is given out after those that were not used yet', () => {
  const leases = new Leases(['a', 'b', 'c']);
  const first = user();
  leases.take(first);
  first.life.end();
  assert.deepEqual([leases.take(user()), leases.take(user()), leases.take(user())], ['b', 'c', 'a']);
});

test('a user that asks again has two rows, and gives both back', () => {
  const leases = new Leases(['a', 'b']);
  const first = user();
  assert.deepEqual([leases.take(first), leases.take(first)], ['a', 'b']);
  first.life.end();
  assert.deepEqual([leases.take(user()), leases.take(user())], ['a', 'b']);
});

test('a row that was given back by hand is not given back once more', () => {
  const leases = new Leases(['a']);
  const [first, second] = [user(), user()];
  leases.take(first);
  leases.giveBack(first);
  leases.take(second);
  first.life.end();
  assert.equal(leases.isOut, true);
});

test('a user that holds nothing gives nothing back', () => {
  const leases = new Leases(['a']);
  leases.giveBack(user());
  leases.take(user());
  assert.equal(leases.isOut, true);
});

test('an empty list has no row', () => {
  assert.equal(new Leases([]).isOut, true);
});

test('holders are counted once, however much they hold', () => {
  const leases = new Leases(['a', 'b', 'c']);
  const first = user();
  leases.take(first);
  leases.take(first);
  leases.take(user());
  assert.equal(leases.holders, 2);
});

test('whatever users come and go, no row has two holders and none is lost', () => {
  const steps = fc.array(fc.record({ isTake: fc.boolean(), who: fc.nat(9) }), { maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), steps, (size, all) => {
      const leases = new Leases(Array.from({ length: size }, (_, at) => at));
      const users = Array.from({ length: 10 }, user);
      const held = new Map<number, number[]>();
      for (const { isTake, who } of all) {
        const holder = users[who] ?? user();
        if (!isTake) {
          holder.life.end();
          users[who] = user();
          held.delete(who);
        } else if (!leases.isOut) held.set(who, [...(held.get(who) ?? []), leases.take(holder)]);
        const rows = [...held.values()].flat();
        assert.equal(new Set(rows).size, rows.length);
        assert.equal(leases.isOut, rows.length === size);
      }
    }),
  );
});
