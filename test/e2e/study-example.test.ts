// The shipped study in its quick form. It is waiting for the most part, so other tests run beside it: minutes of its own.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { StudyResult } from '../../src/study/result.ts';
import { katydidCli, projectFolder } from '../tools/katydid.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Child } from './child.ts';
import { freePort } from './free-port.ts';
import { Master } from './master.ts';
import { readyOf } from './web-api.ts';
import { startWorker } from './worker.ts';

const users = join(projectFolder, 'users', 'stress.ts');
/** The system of the published study: 6 requests a second with one replica, then 11. */
const published = ['--service-time', '222', '--api-workers', '2', '--api-time', '24', '--timeout', '2.5'];
/** In place of docker compose. */
const scaling = (url: string): string => `curl -fsX PUT ${url}/replicas -d '{"replicas": {scale}}'`;

test('the example says what the study by hand said', { timeout: 1_200_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const port = String(await freePort());
  const target = new Child('target', process.execPath, [katydidCli, 'target', 'model', '--port', port, ...published]);
  t.after(() => target.end('SIGKILL'));
  await target.said('listens on');
  const url = `http://127.0.0.1:${port}`;
  const master = await Master.start(locust, { users });
  t.after(() => master.end('SIGKILL'));
  const workers = [1, 2].map(() => startWorker(master, { users, threads: 1 }));
  t.after(() => Promise.all(workers.map((worker) => worker.end('SIGKILL'))));
  await master.web.until('two workers are ready', (now) => readyOf(now) === 2);
  const folder = await mkdtemp(join(tmpdir(), 'katydid-study-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(projectFolder, 'docker', 'study.yaml');
  const run = new Child(
    'study',
    process.execPath,
    [katydidCli, 'study', file, '--quick', '--scale-command', scaling(url), '-o', folder],
    { STUDY_MASTER: master.web.url, STUDY_HOST: url, STUDY_API: url },
  );
  t.after(() => run.end('SIGKILL'));
  assert.equal(await run.ended, 0, run.output);
  const result = JSON.parse(await readFile(join(folder, 'study.json'), 'utf8')) as StudyResult;
  const { finding, conclusion, marks } = result;
  const text = conclusion.join('\n');
  const best = new Map(finding.scales.map((scale) => [scale.scale, scale.best?.rps ?? 0]));
  assert.ok(Math.abs((best.get(1) ?? 0) - 6) < 1, `scale 1: ${text}`);
  assert.ok(Math.abs((best.get(3) ?? 0) - 11.5) < 2, `scale 3: ${text}`);
  assert.equal(finding.top?.scale, 3, text);
  assert.equal(finding.steps[1]?.bottleneck, 'before it', text);
  assert.match(text, /knee is near (5|10) users/);
  assert.match(text, /Failures begin at scale 1 with (10|20) users: .* mostly time-outs/);
  const clean = marks.filter(({ disturbances }) => disturbances.length === 0);
  assert.ok(clean.length >= 17 && clean.every((mark) => mark.workers === 2), run.output);
  assert.match(await readFile(join(folder, 'report.html'), 'utf8'), /<p class="conclusion">The best mark is/);
});
