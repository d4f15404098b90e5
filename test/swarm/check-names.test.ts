import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNames } from '../../src/swarm/check-names.ts';
import { User } from '../../src/user/user.ts';

test("Python's names of statics and hooks are refused, with ours", () => {
  class Waiting extends User {
    static wait_time = 1;
  }
  class Starting extends User {
    on_start(): void {}
  }
  class Heir extends Starting {}
  const refusal = (message: string): object => ({ name: 'UsageError', message });
  assert.throws(
    () => checkNames(Waiting),
    refusal("Waiting.wait_time is Python's name and of no effect here; write static waitTime"),
  );
  for (const userClass of [Starting, Heir]) {
    assert.throws(() => checkNames(userClass), { name: 'UsageError', message: /\.on_start is .* write onStart\(\)$/ });
  }
});

test('an option of scheduled that stands beside it is refused', () => {
  class Open extends User {
    static maxConcurrent = 1;
  }
  assert.throws(() => checkNames(Open), {
    name: 'UsageError',
    message: /write static arrivals = scheduled\(rate, \{ maxConcurrent: … \}\)/,
  });
});

test('our own names pass', () => {
  class Fine extends User {
    static override waitTime = (): number => 1;
    override onStart(): void {}
  }
  checkNames(Fine);
});
