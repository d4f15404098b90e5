import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsOf } from '../../src/harvest/bars.ts';
import { madeResult } from './made-result.ts';

const { responseTimes } = madeResult('a', [...Array.from({ length: 90 }, () => 150), 250, 1150]);
const settings = { width: 60, isColoured: false, isAscii: false };

test('each bucket is a bar, few are more than none', () => {
  const lines = barsOf(responseTimes, 100, settings);
  assert.equal(lines.length, 11);
  assert.match(lines[0] ?? '', /^ {2}200 │█{30,}[▏▎▍▌▋▊▉]? 90 97\.8%$/);
  assert.match(lines[1] ?? '', /^ {2}300 │[▏▎▍▌] 1 1\.09%$/);
  assert.equal(lines[2], '  400 │');
  assert.match(lines[10] ?? '', /^1,200 │[▏▎▍▌] 1 1\.09%$/);
});

test('no line is wider than the terminal, whose width is used', () => {
  for (const width of [30, 60, 200]) {
    const widest = Math.max(...barsOf(responseTimes, 100, { ...settings, width }).map(({ length }) => length));
    assert.ok(widest <= width && widest >= width - 2, `${widest} of ${width}`);
  }
});

test('with plain letters there are no others', () => {
  const text = barsOf(responseTimes, 100, { ...settings, isAscii: true }).join('\n');
  assert.match(text, /\|#{10,}/);
  assert.doesNotMatch(text, /[^\n -~]/);
});

test('colour is around the bar only', () => {
  const [line = ''] = barsOf(responseTimes, 100, { ...settings, isColoured: true });
  assert.ok(line.startsWith('  200 │\u001b[36m█'), JSON.stringify(line));
  assert.ok(line.endsWith('\u001b[39m 90 97.8%'), JSON.stringify(line));
});

test('nothing has no bars', () => {
  assert.deepEqual(barsOf(madeResult('a', []).responseTimes, 100, settings), []);
});
