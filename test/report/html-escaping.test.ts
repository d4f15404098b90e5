import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { html, jsonMarkup } from '../../src/report/html/markup.ts';
import { htmlReport } from '../../src/report/html.ts';
import { contentsOf, dataOf, rowsOf, shown } from './html-page.ts';
import { hostileRun } from './made-run.ts';

const run = hostileRun();
const page = htmlReport(run);

test('texts that hold markup add no element to the page', () => {
  assert.equal(page.match(/<script/gi)?.length, 2, 'data and script');
  assert.equal(page.match(/<\/script/gi)?.length, 2);
  assert.ok(!page.replace('<!doctype', '').includes('<!'));
  assert.ok(!page.includes('alert(1)</'), 'neither as an element nor at its end');
});

test('each text of the run is in the page, as it is', () => {
  const [markup = ''] = page.split('<script');
  const text = shown(markup);
  const places = ['host', 'file', 'profile', 'package', 'version', 'own', 'name 0', 'error', 'message', 'traceback'];
  const more = ['node', 'class', 'task', 'option', 'value', 'expression', 'text', 'remark', 'name 8'];
  const start = run.host.slice(0, -' host'.length);
  for (const place of [...places, ...more]) assert.ok(text.includes(`${start} ${place}`), place);
});

test('names come back from the tables and from the data as they were', () => {
  const names = run.stats.entries.map(({ name }) => name).sort();
  assert.deepEqual(
    rowsOf(page, 'request-statistics')
      .map(({ Name }) => Name?.text ?? '')
      .slice(0, -1)
      .sort(),
    names,
  );
  const data = dataOf(page) as { names: { name: string }[] };
  assert.deepEqual(
    data.names
      .slice(1)
      .map(({ name }) => name)
      .sort(),
    names,
  );
});

test('the data in the page holds no character that could end its element, or a line of a script', () => {
  assert.doesNotMatch(contentsOf(page, 'script')[0] ?? '', /[<>&\u2028\u2029]/);
});

const special = fc.constantFrom(...'<>&"\'`/!-;#\u2028\u2029a');

test('any text stands in markup and in data as it was given', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: special })), (text) => {
      const markup = html`<p title="${text}">${text}</p>`.text;
      const [, value = '', content = ''] = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(markup) ?? [];
      assert.deepEqual([shown(value), shown(content)], [text, text]);
      assert.equal(JSON.parse(jsonMarkup([text]).text)[0], text);
      assert.doesNotMatch(jsonMarkup([text]).text, /[<>&\u2028\u2029]/);
    }),
  );
});
