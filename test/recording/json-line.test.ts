import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonLines } from '../../src/recording/json-line.ts';

const at = Date.UTC(2026, 4, 12, 10, 0, 0);
const seconds = at / 1000;

/** Method, target, status, begin and end after 10:00 in ms, client. */
function read(row: unknown, lines: JsonLines = new JsonLines()): unknown {
  const hit = lines.read(typeof row === 'string' ? row : JSON.stringify(row));
  if (typeof hit === 'string') return hit;
  return [hit.method, hit.target, hit.status, hit.startedAt - at, hit.endedAt - at, hit.client];
}

const kinds: readonly (readonly [what: string, row: unknown, expected: readonly unknown[]])[] = [
  [
    'nginx with escape=json',
    {
      ...{
        time_iso8601: '2026-05-12T12:00:00+02:00',
        remote_addr: '1.2.3.4',
        request_method: 'GET',
        request_time: '0.250',
      },
      ...{ request_uri: '/a?b=1', status: '200', http_user_agent: 'M', http_x_forwarded_for: '-' },
    },
    ['GET', '/a?b=1', 200, -250, 0, '1.2.3.4 M'],
  ],
  [
    'Caddy',
    {
      ...{ level: 'info', ts: seconds + 0.5, duration: 0.1, status: 201 },
      request: { remote_ip: '1.2.3.4', method: 'POST', uri: '/x', headers: { 'User-Agent': ['M'] } },
    },
    ['POST', '/x', 201, 400, 500, '1.2.3.4 M'],
  ],
  [
    'Envoy',
    {
      ...{ start_time: '2026-05-12T10:00:00.000Z', method: 'GET', path: '/e', response_code: 200, duration: 30 },
      ...{ downstream_remote_address: '10.0.0.7:5123', user_agent: 'M', protocol: 'HTTP/2' },
    },
    ['GET', '/e', 200, 0, 30, '10.0.0.7 M'],
  ],
  [
    'a load balancer',
    {
      ...{ time: '2026-05-12T10:00:00.5Z', client: '[2001:db8::1]:443', elb_status_code: 302, user_agent: 'M' },
      ...{ request: 'GET https://shop.example.com:443/p?q=1 HTTP/2.0', target_processing_time: 0.5 },
    },
    ['GET', 'https://shop.example.com:443/p?q=1', 302, 0, 500, '2001:db8::1 M'],
  ],
  [
    'milliseconds, path and query apart',
    { timestamp: at, httpMethod: 'get', path: '/p', queryString: 'q=1', statusCode: 200, latency_ms: 7, ip: '::1' },
    ['GET', '/p?q=1', 200, -7, 0, '::1 '],
  ],
  [
    'ECS with dots in its keys',
    { '@timestamp': '2026-05-12T10:00:00Z', 'http.request.method': 'GET', 'url.path': '/d', 'source.ip': '9.9.9.9' },
    ['GET', '/d', 0, 0, 0, '9.9.9.9 '],
  ],
  [
    'a line of an access log in the log of a container',
    { log: '1.2.3.4 - - [12/May/2026:10:00:00 +0000] "GET /w HTTP/1.1" 200 1\n', stream: 'stdout', time: 'x' },
    ['GET', '/w', 200, 0, 0, '1.2.3.4 '],
  ],
];

for (const [what, row, expected] of kinds) {
  test(`JSON: ${what}`, () => assert.deepEqual(read(row), expected));
}

test('what is not there is told', () => {
  assert.equal(read('{"a":'), 'no JSON');
  assert.equal(read('[]'), 'no JSON object');
  assert.equal(read({ method: 'GET', time: seconds }), 'no path');
  assert.equal(read({ path: '/', time: seconds }), 'no method');
  assert.equal(read({ path: '/', method: 'GET', time: 'soon' }), 'no time');
});

test('letters of any language come in as bytes', () => {
  const lines = new JsonLines();
  const line = Buffer.from(JSON.stringify({ ts: seconds, method: 'GET', path: '/ä' })).toString('latin1');
  assert.deepEqual(read(line, lines), ['GET', '/ä', 0, 0, 0, ' ']);
});

test('lines of several programs are each read in their way, and what was recognised is told', () => {
  const lines = new JsonLines();
  read({ ts: seconds, method: 'GET', path: '/a' }, lines);
  assert.deepEqual(read({ time: seconds, verb: 'PUT', uri: '/b' }, lines), ['PUT', '/b', 0, 0, 0, ' ']);
  assert.equal(lines.describe(), 'method ← method, path ← path, time ← ts; method ← verb, path ← uri, time ← time');
});
