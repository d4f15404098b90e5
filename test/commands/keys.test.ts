import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { isInForeground, type KeySource, listenToKeys, usersOfKey } from '../../src/commands/keys.ts';

/** A terminal without one. */
class FakeTerminal extends EventEmitter implements KeySource {
  isTTY = true;
  isRaw = false;
  isPaused = true;

  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }
  resume(): this {
    this.isPaused = false;
    return this;
  }
  pause(): this {
    this.isPaused = true;
    return this;
  }
}

test("w, W, s and S are Locust's", () => {
  assert.deepEqual(['w', 'W', 's', 'S', 'x', '\r'].map(usersOfKey), [1, 10, -1, -10, undefined, undefined]);
});

test('each key is heard as it is pressed, several at once one by one', () => {
  const [terminal, keys]: [FakeTerminal, string[]] = [new FakeTerminal(), []];
  const end = listenToKeys(terminal, (key) => keys.push(key));
  terminal.emit('data', Buffer.from('w'));
  terminal.emit('data', 'sS');
  end();
  assert.deepEqual(keys, ['w', 's', 'S']);
});

test('Ctrl-C is a signal as ever', () => {
  const [terminal, signals]: [FakeTerminal, string[]] = [new FakeTerminal(), []];
  const end = listenToKeys(
    terminal,
    () => assert.fail('it is no key'),
    (signal) => signals.push(signal),
  );
  terminal.emit('data', '\u0003\u001c');
  end();
  assert.deepEqual(signals, ['SIGINT', 'SIGQUIT']);
});

test('the terminal is given back as it was, with nobody who listens', () => {
  const terminal = new FakeTerminal();
  const exits = process.listenerCount('exit');
  const end = listenToKeys(terminal, () => {});
  assert.deepEqual([terminal.isRaw, terminal.isPaused, process.listenerCount('exit')], [true, false, exits + 1]);
  end();
  end();
  assert.deepEqual([terminal.isRaw, terminal.isPaused, terminal.listenerCount('data')], [false, true, 0]);
  assert.equal(process.listenerCount('exit'), exits);
});

test('what is no terminal is not touched', () => {
  const source = Object.assign(new FakeTerminal(), { isTTY: false });
  listenToKeys(source, () => {})();
  assert.deepEqual([source.isRaw, source.isPaused, source.listenerCount('data')], [false, true, 0]);
});

test('a job in the background leaves the terminal alone', () => {
  const stat = (foreground: number): string => `42 (a) b (c)) S 1 42 40 34816 ${foreground} 4194304 1`;
  assert.equal(
    isInForeground(() => stat(42)),
    true,
  );
  assert.equal(
    isInForeground(() => stat(7)),
    false,
  );
});

test('where that cannot be known, the terminal is ours', () => {
  assert.equal(
    isInForeground(() => {
      throw new Error('no /proc here');
    }),
    true,
  );
});
