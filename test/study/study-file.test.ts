import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { planOf, secondsOfPlan } from '../../src/study/plan.ts';
import { secondsOf } from '../../src/study/section.ts';
import type { StudySettings } from '../../src/study/settings.ts';
import { readStudy } from '../../src/study/study-file.ts';
import { variantOf } from '../../src/study/variant.ts';
import { projectFolder } from '../tools/katydid.ts';

const read = (text: string, env: Record<string, string> = {}): StudySettings => readStudy(text, 'study.yaml', env);

/** What it is refused with. */
function refusalOf(text: string): string {
  try {
    read(text);
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError, String(thrown));
    return thrown.message;
  }
  return 'nothing was refused';
}

const whole = `
name: Model
master: http://localhost:8089/locust/
login: { kind: form, username: ada, password: "\${SECRET}" }
tls: { ca: ca.pem }
host: http://api:8000
user-classes: [StressUser]
options: { tags: "a,b" }
scale:
  values: [1, 3, 5]
  command: docker compose up -d --scale model={scale}
  ready: http://api:8000/
  timeout: 2m
  pause: 5s
marks:
  - { users: [1, 2, 5, 10, 20], duration: 30s }
  - { scales: [3, 5], users: [20, 50], duration: 60s }
  - { scales: [3, 5], users: 100, spawn-rate: 2, duration: 1m }
repeats: 2
settle: 500ms
limits: { failures: 5%, p95: 2s }
gates: { cpu: 80, spread: 0.2, workers: 2 }
when-dead: stop
`;

test('a whole file is read', () => {
  const settings = read(whole, { SECRET: 'x' });
  assert.equal(settings.master?.url, 'http://localhost:8089/locust');
  assert.deepEqual(settings.master?.login, { kind: 'form', username: 'ada', password: 'x', path: '/login_submit' });
  assert.deepEqual(settings.marks[2], { scales: [3, 5], users: [100], spawnRates: [2], duration: 60 });
  assert.deepEqual([settings.limits.failRatio, settings.limits.p95], [0.05, 2000]);
  assert.deepEqual([settings.settle, settings.scale.readyTimeout, settings.gates.workers], [0.5, 120, 2]);
});

test('little is needed', () => {
  const settings = read('locustfile: users.ts\nmarks: [{ users: [1, 2] }]\n');
  assert.deepEqual([settings.name, settings.repeats, settings.scale.values], ['study', 1, [1]]);
});

test('a variable that is not set may have a value all the same', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the file
  const text = 'locustfile: u.ts\nmarks: [{ users: 1 }]\nhost: ${HOST:-http://localhost:1}';
  assert.deepEqual([read(text).host, read(text, { HOST: 'http://api' }).host], ['http://localhost:1', 'http://api']);
});

const variants = `
host: http://usual
options: { tags: a, level: 1 }
variants:
  Go, REST: { host: http://go:8000, user-classes: RestUser }
  Python, gRPC:
    host: python:50051
    user-classes: [GrpcUser, OtherUser]
    options: { tags: b }
  7:
marks:
  - users: 1
  - { users: 2, scales: [7, "Go, REST"] }
`;

test('variants are the scales, and take what they leave out from the whole study', () => {
  const settings = read(variants);
  assert.deepEqual(settings.scale.values, ['Go, REST', 'Python, gRPC', '7']);
  assert.deepEqual(settings.marks[1]?.scales, ['7', 'Go, REST']);
  assert.deepEqual(
    settings.scale.values.map((name) => variantOf(settings, name)),
    [
      { host: 'http://go:8000', userClasses: ['RestUser'], options: { tags: 'a', level: '1' } },
      { host: 'python:50051', userClasses: ['GrpcUser', 'OtherUser'], options: { tags: 'b', level: '1' } },
      { host: 'http://usual', userClasses: [], options: { tags: 'a', level: '1' } },
    ],
  );
});

test('a study without variants has one for all scales', () => {
  const settings = read('host: http://a\nuser-classes: A\nscale: { values: [1, b] }\nmarks: [{ users: 1 }]');
  for (const scale of settings.scale.values) {
    assert.deepEqual(variantOf(settings, scale), { host: 'http://a', userClasses: ['A'], options: {} });
  }
});

test('several user files are one list', () => {
  assert.equal(read('locustfile: [a.ts, b.ts]\nmarks: [{ users: 1 }]').locustfile, 'a.ts,b.ts');
});

test('the shipped studies are understood', () => {
  for (const name of ['study.yaml', 'classifier-study.yaml']) {
    const file = join(projectFolder, 'docker', name);
    const settings = readStudy(readFileSync(file, 'utf8'), file, {});
    assert.ok(planOf(settings).length >= 3 && settings.master !== null, name);
  }
});

test('scales may have names', () => {
  assert.deepEqual(read('scale: { values: [go, python] }\nmarks: [{ users: 1 }]').scale.values, ['go', 'python']);
});

test('what is wrong is told with its line, and what is meant', () => {
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['marks:\n  - user: [1]\n', /^study\.yaml:2: a row of marks needs users/],
    [
      'marks:\n  - users: [1]\n    spawnrate: 2\n',
      /^study\.yaml:3: unknown key marks\[0\]\.spawnrate; did you mean spawn-rate\?$/,
    ],
    ['name: x\nmark:\n  - users: [1]\n', /marks are missing/],
    ['marks: [{ users: [1] }]\nscal: { values: [1] }\n', /:2: unknown key scal; did you mean scale\?/],
    ['marks: [{ users: [0] }]', /:1: marks\[0\]\.users is '0'; a number from 1 on/],
    ['marks: [{ users: [1.5] }]', /whole number/],
    ['marks: [{ users: [1], duration: soon }]', /duration is 'soon'; a time such as 30s/],
    ['marks: [{ users: [1], scales: [7] }]', /7 is none of scale\.values \(1\)/],
    ['marks: [{ users: [] }]', /empty list/],
    ['marks: [{ users: 1 }]\nlimits: { failures: 500% }', /a part such as 5%/],
    ['marks: [{ users: 1 }]\nwhen-dead: weep', /when-dead is 'weep'; go on or stop/],
    ['marks: [{ users: 1 }]\nmaster: localhost', /master is 'localhost'; a URL/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the file
    ['marks: [{ users: 1 }]\nhost: ${NOWHERE}', /environment variable NOWHERE, which is not set/],
    ['marks: [{ users: 1 }]\nlogin: { username: a, password: b }', /login is for a master, but there is none/],
    ['marks: [{ users: 1 }]\nmaster: http://m\nlogin: { kind: form }', /:3: login needs both username and password/],
    [
      'marks: [{ users: 1 }]\nmaster: http://m\nlogin: { username: a, password: b, path: in }',
      /:3: login\.path is 'in'; a path such as/,
    ],
    ['marks: [{ users: 1 }]\nvariants: {}', /:2: variants has no variant$/],
    [
      'marks: [{ users: 1 }]\nvariants:\n  a:\n    hosts: x',
      /:4: unknown key variants\.a\.hosts; did you mean host\?$/,
    ],
    ['marks: [{ users: 1 }]\nvariants:\n  a: go', /:3: variants\.a must be keys with values$/],
    ['marks: [{ users: 1 }]\nvariants:\n  a: { host: x }\n  b:\n', /:4: variants\.b lacks host, which a has;/],
    [
      'marks: [{ users: 1 }]\nvariants:\n  a: {}\n  b: { options: { tags: x } }',
      /:3: variants\.a lacks options\.tags, which b has; give it to all, or to the whole study$/,
    ],
    [
      'marks: [{ users: 1 }]\nvariants: { a: {}, b: {} }\nscale:\n  pause: 1s\n  values: [1, 2]',
      /:5: scale\.values and variants exclude each other/,
    ],
    ['marks: [{ users: 1, scales: [c] }]\nvariants: { a: {} }', /c is none of variants \(a\)/],
    ['marks: [\n', /^study\.yaml:\d+: /],
    ['[1, 2]', /keys with values/],
  ];
  for (const [text, pattern] of refusals) assert.match(refusalOf(text), pattern, text);
});

test('the plan has the marks of each scale together, repeats one after the other', () => {
  const plan = planOf(read(whole, { SECRET: 'x' }));
  assert.deepEqual(
    plan.map(({ scale, marks }) => [scale, marks.length]),
    [
      [1, 10],
      [3, 16],
      [5, 16],
    ],
  );
  assert.deepEqual(
    plan[1]?.marks.slice(4, 9).map(({ users, seconds, spawnRate, repeat }) => [users, seconds, spawnRate, repeat]),
    [
      [20, 30, 1, 1],
      [20, 60, 1, 1],
      [50, 60, 1, 1],
      [100, 60, 2, 1],
      [1, 30, 1, 2],
    ],
  );
});

test('the time of a plan has ramps, settling and pauses in it', () => {
  const settings = read(
    'locustfile: u.ts\nwarm-up: 0\nsettle: 5\ndrain: 2\nmarks: [{ users: [10], spawn-rate: 2, duration: 30 }]',
  );
  assert.equal(secondsOfPlan(planOf(settings), settings), 5 + 5 + 30 + 3 + 2);
});

test('times are read in the usual units', () => {
  const known: readonly (readonly [string, number | undefined])[] = [
    ['30', 30],
    ['30s', 30],
    ['2m', 120],
    ['1h30m10s', 5410],
    ['500ms', 0.5],
    ['1.5s', 1.5],
    ['', undefined],
    ['5 apples', undefined],
  ];
  for (const [text, seconds] of known) assert.equal(secondsOf(text), seconds, text);
});

test('what looks like a number is taken as it was written', () => {
  const { master, options } = read(
    'master: http://m\nlogin: { username: ada, password: 0123 }\noptions: { version: 1.10 }\nmarks: [{ users: 1e1 }]',
  );
  assert.deepEqual([master?.login?.password, options.version], ['0123', '1.10']);
});

test('the login in a URL of a master is one', () => {
  const { master } = read('master: http://ada:50%25@m/x/\nmarks: [{ users: 1 }]');
  assert.equal(master?.url, 'http://m/x');
  assert.deepEqual(master?.login, { kind: 'basic', username: 'ada', password: '50%', path: '' });
  assert.equal(read('master: http://ada:50%@m\nmarks: [{ users: 1 }]').master?.login?.password, '50%');
});
