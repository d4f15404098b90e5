import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { SequentialTaskSet, TaskSet } from '../../src/user/task-set.ts';
import type { TaskTable } from '../../src/user/task-table.ts';
import { planOf, type TaskPlan } from '../../src/user/tasks.ts';
import { User, type UserClass } from '../../src/user/user.ts';
import { environmentOf } from './scene.ts';

function plan(userClass: UserClass): TaskPlan {
  return planOf(userClass, () => new userClass(environmentOf()));
}

class Shop extends User {
  static tasks: TaskTable = { home: 3 };
  search = async () => {};
  checkout = Checkout;
  home() {}
  profile() {}
  get found() {
    return this.environment.shard;
  }
}

class Checkout extends SequentialTaskSet<Shop> {
  static tasks: TaskTable = ['cart', 'pay', 'interrupt'];
  cart() {}
  pay() {}
}

/** The plan of a `Shop` with that table. */
function planWith(tasks: unknown): TaskPlan {
  return plan(
    class Shop2 extends Shop {
      static tasks = tasks as TaskTable;
    },
  );
}

function mistakeIn(tasks: unknown): string {
  try {
    planWith(tasks);
  } catch (error) {
    assert.ok(error instanceof UsageError, `${error}`);
    return error.message;
  }
  return 'accepted';
}

test('a number is a weight; a table may say weight and tags; both may be left out', () => {
  assert.deepEqual(planWith({ home: 3, profile: { weight: 2, tags: ['account'] }, search: {} }), {
    className: 'Shop2',
    inOrder: false,
    tasks: [
      { name: 'home', weight: 3, tags: [] },
      { name: 'profile', weight: 2, tags: ['account'] },
      { name: 'search', weight: 1, tags: [] },
    ],
  });
});

test('a field that holds a task set stands for it, with its own table', () => {
  const [task] = planWith({ checkout: 1 }).tasks;
  assert.equal(task?.nested?.taskSet, Checkout);
  const steps = ['cart', 'pay', 'interrupt'].map((name) => ({ name, weight: 1, tags: [] }));
  assert.deepEqual(task.nested.plan, { className: 'Checkout', inOrder: true, tasks: steps });
});

test('a static field may hold it as well', () => {
  class Holder extends User {
    static Inner = Checkout;
    static tasks = { Inner: 1 };
  }
  assert.equal(plan(Holder).tasks[0]?.nested?.taskSet, Checkout);
});

test('the tags of a task set are those of its entry and its own', () => {
  class Tagged extends Checkout {
    static tags = ['slow'];
  }
  class Holder extends User {
    static tasks = { inner: { tags: ['money'] } };
    inner = Tagged;
  }
  assert.deepEqual(plan(Holder).tasks[0]?.tags, ['money', 'slow']);
});

test('a subclass has the table of its base, and its methods', () => {
  class Sub extends Shop {
    home() {}
  }
  assert.deepEqual(plan(Sub).tasks, [{ name: 'home', weight: 3, tags: [] }]);
  assert.equal(plan(Sub).className, 'Sub');
});

test('a subclass may replace the table of its base', () => {
  class Sub extends Shop {
    static tasks = { about: 1, profile: 1 };
    about() {}
  }
  assert.deepEqual(
    plan(Sub).tasks.map(({ name }) => name),
    ['about', 'profile'],
  );
});

test('interrupt may stand in the table of a task set, not in that of a user', () => {
  class Forum extends TaskSet {
    static tasks = { interrupt: 1 };
  }
  assert.equal(planOf(Forum, () => ({})).tasks[0]?.name, 'interrupt');
  assert.match(mistakeIn({ interrupt: 1 }), /names 'interrupt', which is no method of Shop2/);
});

test('an unknown name is told, with the nearest right one', () => {
  const text = `Shop2.tasks names 'hom', which is no method of Shop2 and no field that holds a task set`;
  assert.equal(mistakeIn({ home: 1, hom: 2 }), `${text}; did you mean 'home'?`);
});

test('the nearest right one may be a field', () => {
  assert.match(mistakeIn({ chekout: 1 }), /did you mean 'checkout'\?$/);
  assert.match(mistakeIn({ serch: 1 }), /did you mean 'search'\?$/);
});

test('a name unlike all others comes without a guess', () => {
  assert.match(mistakeIn({ zebra: 1 }), /holds a task set$/);
});

test('what each user has is no task, and never guessed', () => {
  for (const name of [
    'onStart',
    'onStop',
    'wait',
    'measure',
    'signal',
    'host',
    'constructor',
    'toString',
    '__proto__',
  ]) {
    const expected = `Shop2.tasks names '${name}', which each User has and which is no task`;
    assert.equal(mistakeIn(JSON.parse(`{ "${name}": 1 }`)), expected);
  }
  assert.match(mistakeIn({ onStrat: 1 }), /holds a task set$/);
});

test('a static method, a static of each class and a getter are no tasks', () => {
  class Odd extends Shop {
    static tasks: TaskTable = {};
    static build() {}
  }
  for (const name of ['build', 'waitTime', 'bind', 'found']) {
    Odd.tasks = { [name]: 1 };
    assert.throws(() => plan(Odd), /is no method of Odd/);
  }
});

test('the user is made to look for fields only', () => {
  const sample = (): object => assert.fail('it was made');
  assert.equal(planOf(Shop, sample).tasks.length, 1);
});

test('a weight that is no number from 0 on is told', () => {
  for (const weight of ['3', -1, Number.NaN, Number.POSITIVE_INFINITY, null]) {
    const expected = `Shop2.tasks.home has the weight ${weight}; a number from 0 on is expected`;
    assert.equal(mistakeIn({ home: { weight } }), expected);
  }
  assert.match(mistakeIn({ home: '3' }), /^Shop2.tasks.home has the weight 3; /);
});

test('tags that are no list of texts are told', () => {
  for (const tags of ['account', [1], null]) {
    assert.equal(mistakeIn({ home: { tags } }), 'Shop2.tasks.home has tags that are no list of texts');
  }
});

test('a list outside of a sequence is told', () => {
  const expected = 'Shop2.tasks is a list; only a SequentialTaskSet has one. Write { home: 1, … }';
  assert.equal(mistakeIn(['home']), expected);
});

test('what is no table at all is told', () => {
  const expected = 'Shop2.tasks must be a table such as { home: 3, profile: 1 }, not ';
  for (const odd of [null, undefined, 3, 'home']) assert.equal(mistakeIn(odd), expected + odd);
});

test('a step of a sequence that does not exist is told with the name of the set', () => {
  class Wrong extends Checkout {
    static tasks = ['cart', 'pey'];
  }
  class Holder extends User {
    static tasks = { wrong: 1 };
    wrong = Wrong;
  }
  assert.throws(() => plan(Holder), /^UsageError: Wrong.tasks names 'pey', .*; did you mean 'pay'\?$/);
});

test('a task set without tasks is told', () => {
  class Empty extends TaskSet {}
  class Holder extends User {
    static tasks = { empty: 1 };
    empty = Empty;
  }
  assert.throws(() => plan(Holder), /task set Empty has no tasks; give it a static tasks table/);
});

test('a task set that contains itself is told, however deep', () => {
  class Outer extends TaskSet {
    static tasks = { inner: 1 };
    inner = Inner;
  }
  class Inner extends TaskSet {
    static tasks = { outer: 1 };
    outer = Outer;
  }
  class Holder extends User {
    static tasks = { outer: 1 };
    outer = Outer;
  }
  assert.throws(() => plan(Holder), /task set Outer contains itself/);
});

test('one task set may stand in a table twice', () => {
  class Twice extends User {
    static tasks = { first: 1, second: 1 };
    first = Checkout;
    second = Checkout;
  }
  assert.equal(plan(Twice).tasks.length, 2);
});
