import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TaskSet } from '../../src/user/task-set.ts';
import { filterByTags, planOf, type TagFilter, type Task, type TaskPlan } from '../../src/user/tasks.ts';
import { User } from '../../src/user/user.ts';

class Account extends TaskSet {
  static tags = ['account'];
  static tasks = { view: { tags: ['read'] }, change: { tags: ['write'] }, interrupt: 1 };
  view() {}
  change() {}
}
class Visitor extends User {
  static tasks = {
    home: 1,
    search: { tags: ['read', 'slow'] },
    buy: { tags: ['write'] },
    account: { weight: 2, tags: ['member'] },
  };
  account = Account;
  home() {}
  search() {}
  buy() {}
}
const whole = planOf(Visitor, () => new Visitor(undefined as never));

/** `home account(view)`: the names that a filter leaves. */
function shown({ tasks }: TaskPlan): string {
  return tasks.map(({ name, nested }) => (nested ? `${name}(${shown(nested.plan)})` : name)).join(' ');
}

function left(tags: TagFilter['tags'], excludeTags: TagFilter['excludeTags'] = null): string {
  return shown(filterByTags(whole, { tags, excludeTags }));
}

const all = 'home search buy account(view change interrupt)';

test('without tags all tasks run', () => {
  assert.equal(left(null), all);
  assert.equal(left([], []), all);
});

test('with tags only tasks that have one of them run; those without any do not', () => {
  assert.equal(left(['slow']), 'search');
  assert.equal(left(['slow', 'write']), 'search buy account(change)');
});

test('excluded tags leave tasks out, those without any stay', () => {
  assert.equal(left(null, ['write']), 'home search account(view interrupt)');
});

test('an excluded tag wins over a wanted one', () => {
  assert.equal(left(['read'], ['slow']), 'account(view)');
});

test('a tag of a task set is a tag of each of its tasks, be it of its entry or its own', () => {
  for (const tag of ['member', 'account']) {
    assert.equal(left([tag]), 'account(view change interrupt)');
    assert.equal(left(null, [tag]), 'home search buy');
  }
});

test('a task set without a task left goes too', () => {
  assert.equal(left(['unheard']), '');
  assert.equal(left(['slow']), 'search');
});

test('the weight of what is left stays, and the plan itself too', () => {
  const filtered = filterByTags(whole, { tags: ['read'], excludeTags: null });
  assert.deepEqual([filtered.className, filtered.inOrder, filtered.tasks.at(-1)?.weight], ['Visitor', false, 2]);
  assert.equal(shown(whole), all);
});

/** Locust's `filter_tasks_by_tags`, told of a tree in which only methods have tags. */
function runsInLocust(tags: readonly string[], { tags: wanted, excludeTags }: TagFilter): boolean {
  const has = (some: readonly string[]): boolean => some.some((tag) => tags.includes(tag));
  return (wanted === null || wanted.length === 0 || has(wanted)) && (excludeTags === null || !has(excludeTags));
}

const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 });
const { plan } = fc.letrec<{ plan: TaskPlan; task: Task }>((tie) => ({
  plan: fc.array(tie('task'), { maxLength: 3, depthIdentifier: 'set' }).map((tasks) => ({
    className: 'Set',
    inOrder: false,
    tasks,
  })),
  task: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'set' },
    tags.map((own) => ({ name: 'leaf', weight: 1, tags: own })),
    fc.tuple(tags, tie('plan')).map(([own, inner]) => ({
      name: 'set',
      weight: 1,
      tags: own,
      nested: { taskSet: TaskSet, plan: inner },
    })),
  ),
}));
const filter = fc.record({ tags: fc.option(tags), excludeTags: fc.option(tags) });

/** The tags of each method of a tree, its own and those of the sets around it. */
function leaves({ tasks }: TaskPlan, outer: readonly string[] = []): readonly (readonly string[])[] {
  return tasks.flatMap((task) => {
    const inner = [...outer, ...task.tags];
    return task.nested ? leaves(task.nested.plan, inner) : [inner];
  });
}

function hasEmptySet({ tasks }: TaskPlan): boolean {
  return tasks.some(({ nested }) => nested && (nested.plan.tasks.length === 0 || hasEmptySet(nested.plan)));
}

test('of any tree those methods are left that Locust would leave, and no empty set', () => {
  fc.assert(
    fc.property(plan, filter, (tree, given) => {
      const filtered = filterByTags(tree, given);
      assert.deepEqual(
        leaves(filtered),
        leaves(tree).filter((own) => runsInLocust(own, given)),
      );
      assert.equal(hasEmptySet(filtered), false);
    }),
    { numRuns: 500 },
  );
});
