import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgressBar } from '../../src/commands/devices-progress.ts';

/** What was written, on a terminal or not. */
function screen(
  isTTY: boolean,
  columns = 100,
): { readonly isTTY: boolean; readonly columns: number; text: string; write(text: string): void } {
  return {
    isTTY,
    columns,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

test('a bar says how far it is', () => {
  const terminal = screen(true);
  new ProgressBar('creating', 200, terminal).update(50);
  assert.equal(terminal.text, `\rcreating ${'█'.repeat(8)}${'░'.repeat(22)}  25 % 50 of 200\u001b[K`);
});

test('it is gone when it has ended', () => {
  const terminal = screen(true);
  const bar = new ProgressBar('creating', 200, terminal);
  bar.update(50);
  bar.end();
  assert.ok(terminal.text.endsWith('\r\u001b[K'));
});

test('it is drawn at most ten times a second', () => {
  const terminal = screen(true);
  const bar = new ProgressBar('creating', 200, terminal);
  for (let now = 1000; now < 2000; now += 1) bar.update(1, 200, now);
  assert.equal(terminal.text.split('\r').length - 1, 10);
});

test('it never fills more than its line', () => {
  const terminal = screen(true, 40);
  new ProgressBar('creating', 200, terminal).update(50);
  assert.equal(terminal.text.replace('\r', '').replace('\u001b[K', '').length, 39);
});

test('where there is no terminal there is no bar', () => {
  const pipe = screen(false);
  const bar = new ProgressBar('creating', 200, pipe);
  bar.update(50);
  bar.end();
  assert.equal(pipe.text, '');
});
