import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { comparedFigures, comparisonTable, ratioText, readResult } from '../../src/harvest/comparison.ts';
import { temporaryFolder } from '../report/temporary-folder.ts';
import { madeResult } from './made-result.ts';

const [a, b] = [madeResult('one', [100, 100]), madeResult('other', [150, 150, 150], [5])];
const figures = comparedFigures(a, b);
const figureOf = (group: string, name: string) =>
  figures.find((figure) => figure.group === group && figure.name === name);

test('each figure has its difference, and the part of the first that it is', () => {
  assert.deepEqual(figureOf('response times', 'p95'), {
    group: 'response times',
    name: 'p95',
    a: 100,
    b: 150,
    difference: 50,
    ratio: 0.5,
  });
});

test('what one run does not know has no difference', () => {
  assert.deepEqual(
    [figureOf('payloads', 'never answered')?.a, figureOf('payloads', 'never answered')?.difference],
    [null, null],
  );
  assert.deepEqual(
    [figureOf('execution times', 'p50')?.a, figureOf('execution times', 'p50')?.difference],
    [null, null],
  );
});

test('the table shows both runs, differences with their sign', () => {
  const lines = comparisonTable(a, b);
  assert.match(lines[0] ?? '', /^ +one +other +difference$/);
  assert.ok(
    lines.some((line) => /^ {2}p95 +100 +150 +\+50 +\+50%$/.test(line)),
    lines.join('\n'),
  );
  const back = comparisonTable(b, a);
  assert.ok(
    back.some((line) => /^ {2}p95 +150 +100 +−50 +−33\.3%$/.test(line)),
    back.join('\n'),
  );
});

test('a change too small for a digit is no change of nothing', () => {
  assert.deepEqual(
    [ratioText(0.0001), ratioText(-0.0001), ratioText(0), ratioText(null)],
    ['+<0.1%', '−<0.1%', '0%', ''],
  );
});

test('a result is read as it was written', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'harvest.json'), JSON.stringify(a));
  assert.deepEqual(readResult(folder), a);
});

test('what is no result is refused', async (t) => {
  const folder = await temporaryFolder(t);
  assert.throws(() => readResult(folder), /^UsageError: .* holds no harvest: ENOENT/);
  for (const text of ['{', 'null', '[]', '{"format":"katydid harvest 99"}']) {
    await writeFile(join(folder, 'harvest.json'), text);
    assert.throws(() => readResult(folder), /^UsageError: .*harvest\.json is not of this version of katydid/);
  }
});
