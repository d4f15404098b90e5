import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { type TestContext, test } from 'node:test';
import type { ImportSettings } from '../../src/recording/import.ts';
import { bodyOf, serve } from '../http/target.ts';
import { environmentOf, start } from '../user/scene.ts';
import { imported, planOfUser, recordedUser } from './generated.ts';
import { harOf, type MadeEntry } from './made-har.ts';

const site = 'https://shop.example.com';

interface Made {
  readonly code: string;
  readonly summary: string;
}

async function made(t: TestContext, entries: readonly MadeEntry[], given: Partial<ImportSettings> = {}): Promise<Made> {
  const { code, summary } = await imported(t, { 'trace.har': harOf(entries, { p1: 'Shop', p2: 'My account' }) }, given);
  return { code, summary: summary.join('\n') };
}

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a server gets of a user of this file, until there are `count` requests. */
async function received(t: TestContext, code: string, count: number, options: object = {}): Promise<Received[]> {
  const userClass = await recordedUser(t, code);
  const all: Received[] = [];
  await new Promise<void>((resolve) => {
    void serve(t, async (request, response) => {
      const { method = '', url = '', headers } = request;
      all.push({ method, url, headers, body: (await bodyOf(request)).toString() });
      response.end();
      if (all.length === count) resolve();
    }).then(({ url }) => {
      userClass.host = url;
      const environment = environmentOf();
      Object.assign(environment.parsedOptions, options);
      const loop = start(userClass, environment);
      t.after(() => loop.abort());
    });
  });
  return all;
}

const session: readonly MadeEntry[] = [
  { url: `${site}/` },
  { url: `${site}/app.css`, after: 5 },
  { url: `${site}/logo`, type: 'image' },
  { url: 'https://cdn.example.net/x', after: 5 },
  { url: 'https://cdn.example.net/y', after: 5 },
  { url: `${site}/api/items/17?page=2`, headers: { Accept: 'application/json', 'X-Tenant': 'acme' } },
  { url: `${site}/login`, method: 'POST', after: 4000, status: 302 },
  { url: `${site}/account`, page: 'p2' },
  { url: `${site}/api/items/18?page=1`, page: 'p2', after: 2500 },
];

test('a recording is a sequence: pages, and what came after a pause, are its steps', async (t) => {
  const { code } = await made(t, session);
  const [visit] = planOfUser(await recordedUser(t, code)).tasks;
  assert.deepEqual(
    visit?.nested?.plan.tasks.map(({ name }) => name),
    ['home', 'postLogin', 'account', 'apiItemByPage', 'interrupt'],
  );
  assert.deepEqual(
    [...code.matchAll(/this\.think = (.*);/g)].map(([, think]) => think),
    ['4', '0', '2.5', '1'],
  );
  assert.match(code, /\/\*\* My account \*\/\n {2}async account/);
});

test('it runs, in the order of the recording', async (t) => {
  const quick = session.map((entry) => ({ ...entry, after: 0 }));
  const asked = await received(t, (await made(t, quick)).code.replaceAll(/think = [\d.]+/g, 'think = 0'), 10);
  assert.deepEqual(
    asked.map(({ method, url }) => `${method} ${url}`),
    [
      ...['GET /', 'GET /api/items/17?page=2', 'POST /login', 'GET /account', 'GET /api/items/18?page=1'],
      ...['GET /', 'GET /api/items/17?page=2', 'POST /login', 'GET /account', 'GET /api/items/18?page=1'],
    ],
  );
  assert.equal(asked[1]?.headers['x-tenant'], 'acme');
  assert.equal(asked[1]?.headers.accept, 'application/json');
});

test('identifiers are places in the names', async (t) => {
  const { code } = await made(t, session);
  assert.match(code, /get\('\/api\/items\/17\?page=2', \{[^}]*\},?\s+name: '\/api\/items\/\[item\]\?page=\[page\]'/);
});

test('other hosts are left out and listed, unless they are asked for', async (t) => {
  const { code, summary } = await made(t, session);
  assert.doesNotMatch(code, /cdn\.example/);
  assert.match(summary, /^left out {3}other hosts: cdn\.example\.net \(2\)/m);
  const more = await made(t, session, { hosts: ['cdn.example.net'] });
  assert.match(more.code, /get\('https:\/\/cdn\.example\.net\/x', \{ name: '\/x' \}\)/);
});

test('static assets are left out, unless they are asked for', async (t) => {
  const { code, summary } = await made(t, session);
  assert.doesNotMatch(code, /app\.css|logo/);
  assert.match(summary, /^left out {3}2 static assets/m);
  assert.match((await made(t, session, { keepAssets: true })).code, /app\.css[\s\S]*logo/);
});

test('preflights and what was never answered are left out', async (t) => {
  const preflight = { method: 'OPTIONS', url: `${site}/api`, headers: { 'Access-Control-Request-Method': 'PUT' } };
  const { code, summary } = await made(t, [
    ...session,
    preflight,
    { url: `${site}/gone`, status: 0 },
    { url: 'data:,x' },
  ]);
  assert.doesNotMatch(code, /options\(|gone|data:/);
  assert.match(summary, /^left out {3}3 preflights/m);
});

test('paths and methods are filtered as those of logs', async (t) => {
  const { code, summary } = await made(t, session, { exclude: /^\/api/, methods: new Set(['GET']) });
  assert.doesNotMatch(code, /\/api|post/);
  assert.match(summary, /^left out {3}3 by/m);
});

/** Would like to be code, wherever it stands. */
const tricky = `it's \`$\{x}\` */`;

const bodies: readonly MadeEntry[] = [
  {
    url: `${site}/login`,
    method: 'POST',
    postData: {
      mimeType: 'application/x-www-form-urlencoded; charset=utf-8',
      text: 'user=ada+l&tag=a&tag=b%26&password=hidden',
      params: [
        ...[
          { name: 'user', value: 'ada+l' },
          { name: 'tag', value: 'a' },
          { name: 'tag', value: 'b%26' },
        ],
        { name: 'password', value: 'hidden' },
      ],
    },
  },
  {
    url: `${site}/orders?access_token=hidden`,
    method: 'PUT',
    headers: { Authorization: 'Bearer hidden', 'X-CSRF-Token': 'hidden', 'X-Plain': '1' },
    postData: {
      mimeType: 'application/json',
      text: JSON.stringify({
        item: 7,
        text: tricky,
        card: { cvv: 1, pin: 1234 },
        auth: { user: 'hidden' },
        ['__proto__']: 1,
        jwt: null,
      }),
    },
  },
  {
    url: `${site}/raw`,
    method: 'POST',
    headers: { 'Content-Type': 'text/xml' },
    postData: { mimeType: 'text/xml', text: '<a>1</a>' },
  },
  { url: `${site}/raw2`, method: 'POST', postData: { mimeType: 'text/xml', text: '<password>hidden</password>' } },
  { url: `${site}/up`, method: 'POST', postData: { mimeType: 'multipart/form-data; boundary=x', text: 'hidden' } },
];

test('no secret of a recording is in the file, nor in what is told', async (t) => {
  const { code, summary } = await made(t, bodies);
  assert.doesNotMatch(code + summary, /hidden/);
  assert.deepEqual(
    [...code.matchAll(/^ {2}(secret\w+): \{/gm)].map(([, name]) => name),
    [
      'secretPassword',
      'secretAccessToken',
      'secretCvv',
      'secretPin',
      'secretUser',
      'secretAuthorization',
      'secretXCsrfToken',
    ],
  );
});

test('bodies and headers are sent as they were, with the secrets that are given', async (t) => {
  const { code } = await made(t, bodies);
  const options = {
    secretPassword: 'p&1',
    secretAccessToken: 't',
    secretAuthorization: 'Bearer b',
    secretXCsrfToken: 'c',
  };
  const [form, json, raw, raw2] = await received(t, code, 5, options);
  assert.equal(form?.body, 'user=ada+l&tag=a&tag=b%26&password=p%261');
  assert.equal(json?.url, '/orders?access_token=t');
  assert.deepEqual(
    [json?.headers.authorization, json?.headers['x-csrf-token'], json?.headers['x-plain']],
    ['Bearer b', 'c', '1'],
  );
  const sent = JSON.parse(json?.body ?? '') as Record<string, unknown>;
  assert.deepEqual([sent.item, sent.text, sent.jwt, Object.keys(sent).includes('__proto__')], [7, tricky, null, true]);
  assert.deepEqual([raw?.body, raw?.headers['content-type']], ['<a>1</a>', 'text/xml']);
  assert.equal(raw2?.body, '');
});

test('several recordings are several visits', async (t) => {
  const files = { 'a.har': harOf(session), 'b.har': harOf(session.slice(0, 1)) };
  const { code } = await imported(t, files);
  assert.deepEqual(
    planOfUser(await recordedUser(t, code)).tasks.map(({ name }) => name),
    ['visit1', 'visit2'],
  );
});

test('what is no recording is refused', async (t) => {
  await assert.rejects(imported(t, { 'a.har': '{"log":{}}' }), {
    name: 'UsageError',
    message: /is no HAR: it has no log\.entries/,
  });
  await assert.rejects(imported(t, { 'a.har': '{"log":{' }), { name: 'UsageError', message: /is no HAR: / });
  await assert.rejects(imported(t, { 'a.har': harOf([]) }), { message: /holds no request/ });
  await assert.rejects(imported(t, { 'a.har': harOf(session), 'b.log': 'x' }), { message: /make different files/ });
});
