import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { FastHttpUser, GrpcUser, HttpUser, MqttUser, User } from '../../src/index.ts';
import { setLogSink } from '../../src/log.ts';
import { Stats } from '../../src/stats/stats.ts';
import { readUserFile } from '../../src/swarm/manifest.ts';
import { misspeltStatics } from '../../src/swarm/misspelt.ts';
import { Environment, type Runner } from '../../src/user/environment.ts';
import { options } from './options.ts';
import { startPool } from './pool-under-test.ts';
import { userFolder } from './user-folder.ts';

test('a static whose name is nearly a known one is told of, with that one', () => {
  class Shopper extends MqttUser {
    static waitime = 1;
    static keepAlive = 30;
    static taks = {};
  }
  assert.deepEqual(misspeltStatics(Shopper), [
    'Shopper.waitime is not known; did you mean waitTime?',
    'Shopper.keepAlive is not known; did you mean keepalive?',
    'Shopper.taks is not known; did you mean tasks?',
  ]);
});

test('that of a base class is told of too', () => {
  class Base extends User {
    static wieght = 1;
  }
  class Heir extends Base {}
  assert.deepEqual(misspeltStatics(Heir), ['Base.wieght is not known; did you mean weight?']);
});

test('names that are like no other, and known ones, are nobody else’s business', () => {
  class Shopper extends HttpUser {
    static override host = 'http://shop';
    static tenant = 'acme';
    static port = 80;
    static products = [];
    static names = ['ada'];
  }
  assert.deepEqual(misspeltStatics(Shopper), []);
});

test('a name beside the right one is the class’s own', () => {
  class Shopper extends User {
    static override host = 'a';
    static hosts = ['a', 'b'];
  }
  assert.deepEqual(misspeltStatics(Shopper), []);
});

test('a name that the class itself speaks of is its own', () => {
  class Shopper extends User {
    static hosts = ['a', 'b'];
    override get host(): string | undefined {
      return Shopper.hosts[0];
    }
  }
  class Buyer extends User {
    static hosts = ['a', 'b'];
    override get host(): string | undefined {
      const { hosts } = Buyer;
      return hosts[0];
    }
  }
  assert.deepEqual(misspeltStatics(Buyer), []);
  assert.deepEqual(misspeltStatics(Shopper), []);
});

test('our own classes are spelt right', () => {
  for (const userClass of [User, HttpUser, FastHttpUser, GrpcUser, MqttUser]) {
    assert.deepEqual(misspeltStatics(userClass), [], userClass.name);
  }
});

class Base extends User {
  static waitime = 1;
}
class One extends Base {
  static override tasks = { go: 1 };
  go(): void {}
}
class Two extends One {}

/** What is warned of when this load thread reads the classes, which are refused or not. */
function warnings(index: number, classes: Readonly<Record<string, unknown>>): string[] {
  const lines: string[] = [];
  setLogSink(({ level, text }) => level === 'WARNING' && lines.push(text));
  const share = { index, count: 2 };
  const runner = { kind: 'worker', clientId: 'tested' } as Runner;
  const environment = new Environment({
    stats: new Stats(),
    runner,
    thread: share,
    shard: share,
    parsedOptions: options,
  });
  try {
    readUserFile([classes], environment);
  } catch (thrown) {
    lines.push((thrown as Error).message);
  }
  return lines;
}

test('it is said once, however many classes and load threads there are', () => {
  const line = 'Base.waitime is not known; did you mean waitTime?';
  assert.deepEqual(warnings(0, { One, Two }), [line]);
  assert.deepEqual(warnings(1, { One, Two }), []);
});

test('it is said of a class that is refused for it', () => {
  class Taskless extends User {
    static taks = {};
  }
  const [line = '', refusal = ''] = warnings(0, { Taskless });
  assert.equal(line, 'Taskless.taks is not known; did you mean tasks?');
  assert.match(refusal, /^Taskless has no tasks/);
});

for (const target of ['es2022', 'es2020']) {
  test(`it is said of a file that is bundled with the target ${target}`, async (t) => {
    const text = `import { User } from 'katydid';
      export class Shopper extends User {
        static waitime = () => 1;
        static tasks = { go: 1 };
        go() {}
      }`;
    const tsconfig = JSON.stringify({ compilerOptions: { target } });
    const folder = await userFolder(t, { 'users.ts': text, 'tsconfig.json': tsconfig });
    const { heard } = await startPool(t, text, { files: [join(folder, 'users.ts')] });
    assert.deepEqual(heard.texts('WARNING'), ['Shopper.waitime is not known; did you mean waitTime?']);
  });
}
