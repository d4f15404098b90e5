// Studies of masters whose web UI is not where it usually is: below a path, behind TLS.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectFolder } from '../tools/katydid.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { StudyCase } from './study.ts';
import { StudyMaster } from './study-master.ts';
import { Target } from './target.ts';

const key = (name: string): string => join(projectFolder, 'test', 'http', 'keys', `${name}.pem`);

test('a master below a path, with a certificate of nobody known', { timeout: 240_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const target = await Target.start();
  t.after(() => target.close());
  const master = await StudyMaster.open(t, locust, {
    ...{ scheme: 'https', basePath: '/load/test', workers: 1 },
    args: ['--web-base-path', '/load/test', '--tls-cert', key('server'), '--tls-key', key('server-key')],
  });
  const rest = `host: ${target.url}\nmarks: [{ users: 4, spawn-rate: 20, duration: 2s }]`;
  const trusted = `tls: { ca: ${key('authority')} }`;

  for (const [name, tls] of [
    ['who signed it is known', trusted],
    ['it is taken unseen', 'tls: { insecure: true }'],
  ] as const) {
    await t.test(`is measured where ${name}`, async (t) => {
      const study = await StudyCase.of(t, `master: ${master.url}/\n${tls}\n${rest}`);
      const before = target.asked;
      const { code, output } = await study.run();
      assert.equal(code, 0, output);
      const { marks, versions } = await study.result();
      assert.equal(versions.Locust, newestLocust);
      assert.deepEqual(
        marks.map(({ users, workers, disturbances }) => [users, workers, disturbances]),
        [[4, 1, []]],
        output,
      );
      assert.ok(target.asked > before);
    });
  }

  const wrong = [
    [
      'a certificate that nobody vouches for',
      master.url,
      '',
      /its certificate is not trusted \(.+\): give tls\.ca, .* tls\.insecure: true$/,
    ],
    ['http:// where https:// is spoken', master.url.replace('https:', 'http:'), '', /does not answer: .+ https:\/\/$/],
    [
      'a path that is not its own',
      new URL(master.url).origin,
      trusted,
      /\/stats\/requests answered 404: .*--web-base-path/,
    ],
    [
      'an authority that cannot be read',
      master.url,
      'tls: { ca: none.pem }',
      /tls\.ca none\.pem cannot be read: ENOENT/,
    ],
  ] as const;
  for (const [name, url, tls, pattern] of wrong) {
    await t.test(`${name}: one line says what to do`, async (t) => {
      const study = await StudyCase.of(t, `master: ${url}\n${tls}\n${rest}`);
      const { code, output } = await study.run();
      assert.equal(code, 2, output);
      assert.match(output.trim(), pattern);
      assert.match(output, /^katydid: [^\n]+\n$/);
    });
  }
});
