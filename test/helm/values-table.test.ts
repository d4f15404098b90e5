import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readmeWithTable, valueRows } from './values-table.ts';

suite("the table of the chart's values", () => {
  test('it is what values.yaml says', async () => {
    const { before, after } = await readmeWithTable();
    assert.match(after, /\| `worker\.shard\.enabled` \| `true` \|/);
    assert.equal(before, after, 'write it anew: node --import tsx test/helm/values-table.ts');
  });

  test('a value without a comment is an error', () => {
    assert.throws(() => valueRows('a:\n  b: 1\n'), /a\.b has no comment/);
  });

  test('what lies under a value with a comment belongs to it', () => {
    const rows = valueRows('# -- All of it\n# and more\na:\n  b: {c: 1}\nd:\n  # -- Other\n  e: 2\n');
    assert.deepEqual(rows, [
      { path: 'a', value: ' b: {c: 1}', text: 'All of it and more' },
      { path: 'd.e', value: '2', text: 'Other' },
    ]);
  });
});
