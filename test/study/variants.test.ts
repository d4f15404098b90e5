import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { studyFlags, withFlags } from '../../src/commands/study-flags.ts';
import { planText } from '../../src/commands/study-plan.ts';
import { UsageError } from '../../src/errors.ts';
import { Journal } from '../../src/study/journal.ts';
import { MasterClient } from '../../src/study/master-client.ts';
import { MasterDriver } from '../../src/study/master-driver.ts';
import { planOf } from '../../src/study/plan.ts';
import type { StudySettings } from '../../src/study/settings.ts';
import { Study } from '../../src/study/study.ts';
import { subjectOf } from '../../src/study/subject.ts';
import { MadeDriver, madeSettings, second } from './made-driver.ts';

const settings = (given: Partial<StudySettings> = {}): StudySettings =>
  madeSettings({
    ...{ host: 'http://usual', options: { tags: 'a' }, warmUp: 1 },
    marks: [{ users: [1], spawnRates: [10], duration: 8 }],
    scale: { values: ['go', 'python'], readyTimeout: 1, pause: 0, command: 'true {scale}' },
    variants: { go: { host: 'http://go', userClasses: ['RestUser'] }, python: { options: { tags: 'b' } } },
    ...given,
  });
const go = { host: 'http://go', userClasses: ['RestUser'], options: { tags: 'a' } };
const python = { host: 'http://usual', userClasses: [], options: { tags: 'b' } };

test('each mark, and its warm-up, has the users of its variant', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-study-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const driver = new MadeDriver();
  const listener = { onPhase: () => {}, onMark: () => {}, onTrouble: () => {} };
  const journal = Journal.open(folder, subjectOf(settings()), { resume: false, force: false });
  journal.begin();
  const study = new Study(settings(), driver, journal, listener, new AbortController().signal, second);
  await study.run(planOf(settings()));
  assert.deepEqual(
    driver.loads.map(({ variant }) => variant),
    [go, go, python, python],
  );
});

/** A master that answers each /swarm so; the forms that it was given are kept. */
async function master(
  t: TestContext,
  classes: readonly string[] | undefined,
): Promise<{ readonly driver: MasterDriver; readonly forms: string[] }> {
  const forms: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    forms.push(body);
    response.end(JSON.stringify({ success: true, message: 'Swarming started', user_classes: classes }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new MasterClient({ url: `http://127.0.0.1:${port}`, headers: {}, isInsecure: false });
  const driver = new MasterDriver(client, settings());
  t.after(async () => {
    await driver.close();
    server.closeAllConnections();
    server.close();
  });
  return { driver, forms };
}

test('a master is given host, classes and options of the variant', async (t) => {
  const { driver, forms } = await master(t, ['RestUser']);
  await driver.start({ users: 5, spawnRate: 1, variant: go });
  assert.equal(forms[0], 'user_count=5&spawn_rate=1&host=http%3A%2F%2Fgo&user_classes=RestUser&tags=a');
});

test('a master that would run other classes is refused', async (t) => {
  const load = { users: 5, spawnRate: 1, variant: go };
  const refused = (driver: MasterDriver, pattern: RegExp): Promise<void> =>
    assert.rejects(driver.start(load), (error: Error) => error instanceof UsageError && pattern.test(error.message));
  await refused((await master(t, undefined)).driver, /runs all its user classes, .* without --class-picker/);
  await refused((await master(t, ['Other'])).driver, /has no user class RestUser/);
  const { driver } = await master(t, undefined);
  await driver.start({ ...load, variant: python });
});

test('the plan shows what each variant is run against, and by whom', () => {
  const text = planText(planOf(settings()), settings());
  assert.match(text, /^go: true go\n {2}RestUser, at http:\/\/go, tags a\n/m);
  assert.match(text, /^python: true python\n {2}all user classes, at http:\/\/usual, tags b\n/m);
});

test('--host is for the variants that do not say theirs', () => {
  const args = { _: [], $0: '', host: 'http://flag' };
  assert.ok(studyFlags.host !== undefined && withFlags(settings(), args).host === 'http://flag');
  const all = { go: { host: 'http://go' }, python: { host: 'http://python' } };
  assert.throws(() => withFlags(settings({ variants: all }), args), /--host would be of no effect/);
});
