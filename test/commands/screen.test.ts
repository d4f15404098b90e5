import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { type Output, Screen } from '../../src/commands/screen.ts';

class FakeOutput extends EventEmitter implements Output {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 20;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
}

/** What a person sees in the end: a line that is cleared is written over. */
function shown(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\r\u001b[2K').at(-1) ?? '')
    .join('\n');
}

const quiet = (): void => {};

test('on a terminal the status stays below what is printed', () => {
  const output = new FakeOutput(true);
  const screen = new Screen(output, quiet);
  screen.status('3 users');
  screen.print('a line\n');
  screen.status('4 users');
  assert.equal(shown(output.text), 'a line\n4 users');
});

test('an empty status leaves nothing behind', () => {
  const output = new FakeOutput(true);
  const screen = new Screen(output, quiet);
  screen.status('3 users');
  screen.status('');
  screen.print('the end\n');
  assert.equal(shown(output.text), 'the end\n');
});

test('a status is cut to one line', () => {
  const output = new FakeOutput(true);
  new Screen(output, quiet).status('x'.repeat(99));
  assert.equal(shown(output.text), 'x'.repeat(19));
});

test('without a terminal there is no status, and no control character', () => {
  const output = new FakeOutput(false);
  const screen = new Screen(output, quiet);
  screen.status('3 users');
  screen.print('a line\n');
  assert.equal(output.text, 'a line\n');
});

test('what cannot be written is told once', () => {
  const [output, told]: [FakeOutput, string[]] = [new FakeOutput(false), []];
  new Screen(output, (reason) => told.push(reason));
  output.emit('error', Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  output.emit('error', Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  assert.deepEqual(told, ['no space left']);
});

test('a reader that went away, as head does, is no trouble', () => {
  const [output, told]: [FakeOutput, string[]] = [new FakeOutput(false), []];
  new Screen(output, (reason) => told.push(reason));
  output.emit('error', Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
  assert.deepEqual(told, []);
});
