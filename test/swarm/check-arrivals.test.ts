import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { type Arrivals, constant, SequentialTaskSet, scheduled, type TaskTable, User } from '../../src/index.ts';
import { checkArrivals } from '../../src/swarm/check-arrivals.ts';
import { planOf } from '../../src/user/tasks.ts';
import type { UserClass } from '../../src/user/user.ts';
import { environmentOf } from '../user/scene.ts';

/** Why it is refused; undefined if it is not. */
function refusal(userClass: UserClass): string | undefined {
  const plan = planOf(userClass, () => new userClass(environmentOf()));
  try {
    checkArrivals(userClass, plan);
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError, String(thrown));
    return thrown.message;
  }
  return undefined;
}

class Visitor extends User {
  static override tasks: TaskTable = { visit: 1 };
  visit(): void {}
}

class Planned extends Visitor {
  static override arrivals: Arrivals | undefined = scheduled(5);
}

class Waiting extends Visitor {
  static override waitTime = constant(1);
}

test('a class with arrivals, or with a wait time, or with neither is fine', () => {
  assert.deepEqual([Visitor, Planned, Waiting].map(refusal), [undefined, undefined, undefined]);
});

const twice = 'with arrivals iterations begin when they are planned, and nothing waits. Take one of the two out';

test('a class with both is told so', () => {
  class Both extends Planned {
    static override arrivals = scheduled(5);
    static override waitTime = constant(1);
  }
  assert.equal(refusal(Both), `Both has both arrivals and a waitTime; ${twice}`);
});

test('a class that gives its base with arrivals a wait time is told so', () => {
  class Slower extends Planned {
    static override waitTime = constant(1);
  }
  class Slowest extends Slower {}
  assert.equal(refusal(Slowest), `Slowest has both arrivals and Slower.waitTime; ${twice}`);
});

test('the wait time of a base gives way to arrivals', () => {
  class Later extends Waiting {
    static override arrivals = scheduled(5);
  }
  assert.equal(refusal(Later), undefined);
});

test('a class may give up the arrivals of its base', () => {
  class Slower extends Planned {
    static override arrivals = undefined;
    static override waitTime = constant(1);
  }
  assert.equal(refusal(Slower), undefined);
});

test('arrivals that scheduled has not made are refused', () => {
  const wrong = Object.assign(class Wrong extends Visitor {}, { arrivals: 5 });
  assert.equal(
    refusal(wrong as unknown as UserClass),
    'Wrong.arrivals is 5; scheduled(5), for five a second, is expected',
  );
});

test('a task set is no iteration', () => {
  class Checkout extends SequentialTaskSet<Shopper> {
    static override tasks: TaskTable = ['pay'];
    pay(): void {}
  }
  class Shopper extends Planned {
    static override tasks: TaskTable = { checkout: 1 };
    checkout = Checkout;
  }
  assert.equal(
    refusal(Shopper),
    'Shopper.tasks.checkout is a task set, and Shopper has arrivals; an iteration is one method: write its steps one ' +
      'after the other, with await, in a method',
  );
});
