// The shipped study of the classifiers, shortened: six real servers, one master, two workers, one report that compares them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { projectFolder } from '../tools/katydid.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { startClassifiers } from './classifier-servers.ts';
import { Master } from './master.ts';
import { StudyCase } from './study.ts';
import { readyOf } from './web-api.ts';
import { startWorker } from './worker.ts';

const users = join(projectFolder, 'users', 'classifier.ts');

/** `STUDY_GO_REST` of `Go, REST`, as the shipped study has it. */
function variableOf(name: string): string {
  const [language = '', protocol = ''] = name.toUpperCase().split(', ');
  return `STUDY_${language === 'TYPESCRIPT' ? 'NODE' : language}_${protocol}`;
}

test('one report compares REST and gRPC in three languages', { timeout: 600_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  const servers = await startClassifiers(t);
  if (!locust || !servers) return;
  const names = servers.map(({ name }) => name);
  const master = await Master.start(locust, { users });
  t.after(() => master.end('SIGKILL'));
  const workers = [1, 2].map(() => startWorker(master, { users, threads: 1 }));
  t.after(() => Promise.all(workers.map((worker) => worker.end('SIGKILL'))));
  await master.web
    .until('two workers are ready', (now) => readyOf(now) === 2)
    .catch((thrown: Error) => {
      throw new Error(`${thrown.message}\n${workers.map((worker) => worker.output).join('\n')}`);
    });

  const shipped = parse(await readFile(join(projectFolder, 'docker', 'classifier-study.yaml'), 'utf8'));
  const marks = [{ users: 2, 'spawn-rate': 20, duration: '3s' }];
  const study = await StudyCase.of(t, stringify({ ...shipped, marks }));
  const env = Object.fromEntries(servers.map(({ name, host }) => [variableOf(name), host]));
  const { code, output } = await study.run([], { ...env, STUDY_MASTER: master.web.url });
  assert.equal(code, 0, output);

  const result = await study.result();
  await t.test('each variant has a mark, without failures, by both workers', () => {
    assert.deepEqual(
      result.marks.map(({ scale, failures, workers }) => [scale, failures, workers]),
      names.map((name) => [name, 0, 2]),
      output,
    );
    assert.ok(
      result.marks.every(({ requests, rps }) => requests > 100 && rps > 10),
      JSON.stringify(result.marks),
    );
  });
  await t.test('all are compared: who delivers most, and who answers fastest', () => {
    const { ranked = [], fastest = [] } = result.finding.ranking ?? {};
    assert.deepEqual(ranked.map(({ scale }) => scale).sort(), [...names].sort());
    assert.deepEqual([...fastest].sort(), [...names].sort());
    assert.ok(ranked.every(({ rps }, at) => (rps ?? 0) <= (ranked[at - 1]?.rps ?? Number.POSITIVE_INFINITY)));
    const [first] = ranked;
    assert.ok(result.conclusion[0]?.startsWith(`${first?.scale} delivers most: `), result.conclusion[0]);
  });
  await t.test('page and Markdown have the comparison', async () => {
    for (const name of ['report.html', 'report.md']) {
      const text = await readFile(join(study.folder, name), 'utf8');
      const from = text.search(/Compared/);
      const table = text.slice(from, text.indexOf('TypeScript, REST', text.indexOf('TypeScript, REST', from) + 1));
      assert.ok(from > 0 && names.every((server) => text.indexOf(server, from) > 0), `${name}: ${table}`);
    }
  });
  await t.test('what was counted was asked for at the server of that variant', async () => {
    for (const { name, end } of servers) {
      const calls = await end();
      const counted = result.marks.find(({ scale }) => scale === name)?.requests ?? 0;
      assert.ok(
        calls >= counted && calls < 20 * counted,
        `${name} had ${calls} calls, of which ${counted} were measured`,
      );
    }
  });
});
