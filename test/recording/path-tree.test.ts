import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOf } from '../../src/recording/call.ts';
import { steadyChance } from '../../src/recording/chance.ts';
import { PathTree } from '../../src/recording/path-tree.ts';
import { targetOf } from '../../src/recording/target.ts';

/** `METHOD /path` or `/path`, each as often as it stands there; `!` in front: it was not found. */
function treeOf(requests: Iterable<string>, distinct = 50): PathTree {
  const tree = new PathTree({ distinct, values: 100, chance: steadyChance() });
  for (const request of requests) {
    const [, missing, method = 'GET', raw = ''] = /^(!?)(?:([A-Z]+) )?(.*)$/s.exec(request) ?? [];
    const target = targetOf(raw);
    assert.ok(target !== undefined);
    const endpoint = tree.endpointOf(method, target, missing === '');
    endpoint?.add(missing === '' ? 200 : 404, target.path + (target.query === '' ? '' : `?${target.query}`), 0);
  }
  return tree;
}

/** `METHOD /name ×count`, sorted. */
function names(requests: Iterable<string>, distinct?: number): string[] {
  return treeOf(requests, distinct)
    .templates()
    .map((template) => `${template.endpoint.method} ${callOf(template).name} ×${template.endpoint.hits}`)
    .sort();
}

const times = (count: number, request: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => request(at));
const letters = (at: number): string => [...String(at)].map((digit) => 'abcdefghij'[Number(digit)]).join('');

test('identifiers become places that are called for what stands before them', () => {
  assert.deepEqual(
    names([
      ...['/users/5', '/users/6', '/users/5/orders/17', '/categories/7', '/v1/8', '/9', '/addresses/1.json'],
      ...['/users/0190b5a2-7a3c-7d52-8d1e-2f6f8a1f3b10', '/days/2026-05-12', '/status/5', '/a/1/2'],
    ]),
    [
      ...['GET /[page] ×1', 'GET /a/[a]/[id] ×1', 'GET /addresses/[address].json ×1', 'GET /categories/[category] ×1'],
      ...[
        'GET /days/[date] ×1',
        'GET /status/[status] ×1',
        'GET /users/[user] ×3',
        'GET /users/[user]/orders/[order] ×1',
      ],
      'GET /v1/[id] ×1',
    ],
  );
});

test('many different words below one parent are values, and what is below them comes together', () => {
  assert.deepEqual(
    names(times(120, (at) => (at % 2 === 0 ? `/users/${letters(at)}` : `/users/${letters(at)}/posts/${at}`))),
    ['GET /users/[user] ×60', 'GET /users/[user]/posts/[post] ×60'],
  );
});

test('few different words are names', () => {
  assert.equal(names(times(50, (at) => `/pages/${letters(at)}`)).length, 50);
  assert.equal(
    names(
      times(50, (at) => `/pages/${letters(at)}`),
      49,
    ).length,
    1,
  );
});

test('a word with a large share stays a name among many values', () => {
  assert.deepEqual(names([...times(80, (at) => `/users/${letters(at)}x`), ...times(10, () => '/users/search')]), [
    'GET /users/[user] ×80',
    'GET /users/search ×10',
  ]);
});

test('titles are values when there are a few of them', () => {
  assert.deepEqual(names([...times(11, (at) => `/blog/how-to-${letters(at)}`), '/blog/about']), [
    'GET /blog/[blog] ×11',
    'GET /blog/about ×1',
  ]);
});

test('endings of files are kept', () => {
  assert.deepEqual(names(times(120, (at) => `/${letters(at)}x.${at % 2 === 0 ? 'php' : 'html'}`)), [
    'GET /[page].html ×60',
    'GET /[page].php ×60',
  ]);
});

test('methods are apart', () => {
  assert.deepEqual(names(['POST /a', '/a', 'POST /a']), ['GET /a ×1', 'POST /a ×2']);
});

test('keys of a query are kept, values are places if they differ', () => {
  assert.deepEqual(names(['/s?q=a&sort=up', '/s?sort=up&q=b', '/s', '/s?debug', '/s?q=c']), [
    ...['GET /s ×1', 'GET /s?debug ×1', 'GET /s?q=[q]&sort=up ×2', 'GET /s?q=c ×1'],
  ]);
});

test('queries that are many things are one place', () => {
  assert.deepEqual(names(times(20, (at) => `/s?${letters(at)}=1`)), ['GET /s?[query] ×20']);
  assert.deepEqual(names(['/s?a=1&a=2', '/s?12345', '/s?=', '/s?a=%7B%22']), [
    'GET /s?[query] ×3',
    'GET /s?a=%7B%22 ×1',
  ]);
});

test('a path that was never found makes no name, one that was found counts all answers', () => {
  assert.deepEqual(names(['!/wp-login.php', '/users/1', '!/users/2', '!/users/ada', '!/users/1/x']), [
    'GET /users/[user] ×2',
  ]);
});

test('what is secret is a place, and is not in the name', () => {
  assert.deepEqual(names(['/reset/9f8e7d6c5b4a39f8', '/a?token=x1']), [
    'GET /a?token=[token] ×1',
    'GET /reset/[token] ×1',
  ]);
});

test('paths without end, and more of them than are remembered: no request is lost, and no more is made', () => {
  const deep = '/a'.repeat(1000);
  const tree = treeOf([deep, ...times(5000, (at) => `/${letters(at)}/${letters(at * 7)}x/y`)]);
  // no endpoint was made for what came late
  assert.equal(tree.whole(4000), undefined);
  const all = tree.templates();
  assert.equal(
    all.reduce((sum, { endpoint }) => sum + endpoint.hits, 0),
    5000,
  );
  assert.ok(all.length < 2000, String(all.length));
});

test('values that come together stay together', () => {
  const [template] = treeOf(times(30, (at) => `/users/${at % 3}/orders/${(at % 3) * 100}`)).templates();
  assert.ok(template !== undefined);
  assert.deepEqual(
    callOf(template).rows.map(({ times: often, values }) => [often, ...values]),
    [
      [10, '0', '0'],
      [10, '1', '100'],
      [10, '2', '200'],
    ],
  );
});

test('a value that never changes stands in the address, and is a place in the name', () => {
  const [template] = treeOf(['/tenants/1/users/5', '/tenants/1/users/6']).templates();
  assert.ok(template !== undefined);
  const { name, variables } = callOf(template);
  assert.deepEqual([name, variables], ['/tenants/[tenant]/users/[user]', ['user']]);
});
