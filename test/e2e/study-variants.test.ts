// Variants without a master: users of several files, each against the host of its variant.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { StudyCase } from './study.ts';
import { Target } from './target.ts';

const userFile = (name: string): string => `
import { constant, HttpUser } from 'katydid';

export class ${name} extends HttpUser {
  static waitTime = constant(0.02);
  static tasks = { look: 1 };

  async look() {
    await this.client.get('/${name}');
  }
}
`;

test('each variant runs its classes against its host, whichever file they are in', { timeout: 120_000 }, async (t) => {
  const targets = [await Target.start(), await Target.start()] as const;
  t.after(() => Promise.all(targets.map((target) => target.close())));
  const [a, b] = targets;
  const study = await StudyCase.of(
    t,
    `
host: ${a.url}
variants:
  first: { user-classes: First }
  second: { user-classes: [Second], host: ${b.url} }
  both:
marks: [{ users: [2, 4], spawn-rate: 20, duration: 2s }]`,
  );
  const files = ['First', 'Second'].map((name) => join(study.folder, '..', `${name.toLowerCase()}.ts`));
  for (const [at, file] of files.entries()) await writeFile(file, userFile(at === 0 ? 'First' : 'Second'));
  const asked: string[][] = [];
  const running = study.start(['-f', files.join(',')]);
  for (const name of ['first', 'second', 'both']) {
    await running.said(new RegExp(`^${name}, +4 users: `, 'm'), 60);
    asked.push(targets.map((target) => target.paths().join(' ')));
    for (const target of targets) target.forget();
  }
  assert.equal(await running.ended, 0, running.output);
  assert.deepEqual(asked, [
    ['GET /First', ''],
    ['', 'GET /Second'],
    ['GET /First GET /Second', ''],
  ]);
  const { finding, conclusion } = await study.result();
  assert.equal(finding.ranking?.ranked.length, 3);
  assert.match(
    conclusion[0] ?? '',
    /^\w+ delivers most: \d+ requests per second, with 4 users; \w+ as much but for noise/,
  );
});
