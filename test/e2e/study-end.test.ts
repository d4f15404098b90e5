// The end of a study: its report is there before anything else is done, whatever that does.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { projectFolder } from '../tools/katydid.ts';
import { StudyCase } from './study.ts';
import { until } from './until.ts';

/** The URL of a server that answers everything. */
async function target(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a command at the end that hangs costs no report, and ends with the study', { timeout: 90_000 }, async (t) => {
  const users = join(projectFolder, 'users', 'stress.ts');
  const study = await StudyCase.of(
    t,
    [
      `locustfile: ${users}\nhost: ${await target(t)}`,
      `scale: { down: 'echo $$ > "$DOWN"; sleep 50 | cat' }`,
      'gates: { tries: 1 }\nmarks: [{ users: [2], spawn-rate: 20, duration: 2s }]',
    ].join('\n'),
  );
  const down = join(study.folder, 'down');
  const running = study.start([], { DOWN: down });
  await until('the command runs', () => existsSync(down), { limit: 20, show: () => running.output });
  const { marks } = await study.result();
  assert.equal(marks.length, 1, running.output);
  assert.ok(existsSync(join(study.folder, 'report.html')));
  running.signal('SIGINT');
  await running.said('once more ends at once');
  running.signal('SIGINT');
  assert.equal(await running.ended, 130, running.output);
  const pid = Number(readFileSync(down, 'utf8'));
  await until('the command ends', () => !isAlive(pid));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
