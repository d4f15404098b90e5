// Studies of a target that dies in the middle of a mark, and is started again by the scale that comes next.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { katydidCli, projectFolder } from '../tools/katydid.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Child } from './child.ts';
import { freePort } from './free-port.ts';
import { type Ended, StudyCase } from './study.ts';
import { StudyMaster } from './study-master.ts';

/** A target in a process of its own, which a study's scale command starts if it does not run. */
class MortalTarget {
  readonly url: string;
  /** For `scale.command`. */
  readonly command: string;
  readonly #port: number;
  #child: Child | undefined;

  private constructor(port: number, control: number) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.command = `'${process.execPath}' -e "fetch('http://127.0.0.1:${control}/{scale}')"`;
  }

  static async open(t: TestContext): Promise<MortalTarget> {
    const control = createServer((request, response) => {
      request.resume();
      void target.start().then(() => response.end());
    });
    await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
    const target = new MortalTarget(await freePort(), (control.address() as AddressInfo).port);
    t.after(async () => {
      control.close();
      control.closeAllConnections();
      await target.die();
    });
    return target;
  }

  async start(): Promise<void> {
    if (this.#child?.isAlive === true) return;
    const words = ['target', 'model', '--service-time', '5', '-p', String(this.#port)];
    this.#child = new Child('target', process.execPath, [katydidCli, ...words]);
    await this.#child.said(this.url);
  }

  async die(): Promise<void> {
    await this.#child?.end('SIGKILL');
  }
}

/** Scale 1 dies in its first mark; it has a second one, and scale 2 one of its own. */
async function study(
  t: TestContext,
  driver: string,
  whenDead: string,
  more: string,
): Promise<Ended & { readonly study: StudyCase }> {
  const target = await MortalTarget.open(t);
  const study = await StudyCase.of(
    t,
    [
      `${driver}\nhost: ${target.url}\nwhen-dead: ${whenDead}`,
      `scale: { values: [1, 2], timeout: 20s, command: ${JSON.stringify(target.command)}${more.replace('URL', target.url)} }`,
      'marks:\n  - { scales: [1], users: [4, 6], spawn-rate: 20, duration: 6s }',
      '  - { scales: [2], users: [3], spawn-rate: 20, duration: 2s }',
    ].join('\n'),
  );
  const running = study.start();
  await study.measures(4, running);
  await target.die();
  return { code: await running.ended, output: running.output, study };
}

const dead = 'the system under test is dead at scale 1, with 4 users';

describe('a target that dies is told of, and', { concurrency: 2 }, () => {
  test('the other scales go on, as asked', { timeout: 180_000 }, async (t) => {
    const locust = await need(t, () => findLocust(newestLocust));
    if (!locust) return;
    const master = await StudyMaster.open(t, locust, { workers: 1 });
    const { code, output, study: ended } = await study(t, `master: ${master.url}`, 'go on', ', ready: URL');
    assert.equal(code, 1, output);
    const { marks, remarks } = await ended.result();
    assert.deepEqual(
      marks.map(({ scale, users, attempt, disturbances }) => [scale, users, attempt, disturbances.length > 0]),
      [
        [1, 4, 1, true],
        [1, 4, 2, true],
        [2, 3, 1, false],
      ],
      output,
    );
    assert.match(marks[0]?.disturbances.map(({ text }) => text).join() ?? '', /in the end no request was answered/);
    assert.ok(remarks.join('\n').includes(`${dead}; its other marks are left out`), remarks.join('\n'));
    assert.match(remarks.join('\n'), /1 of 3 planned marks/);
  });

  test('the study ends, as asked; here without a master', { timeout: 180_000 }, async (t) => {
    const users = join(projectFolder, 'users', 'stress.ts');
    const { code, output, study: ended } = await study(t, `locustfile: ${users}`, 'stop', '');
    assert.equal(code, 1, output);
    const { marks, remarks } = await ended.result();
    assert.deepEqual(
      marks.map(({ scale, users, attempt, disturbances }) => [scale, users, attempt, disturbances.length > 0]),
      [
        [1, 4, 1, true],
        [1, 4, 2, true],
      ],
      output,
    );
    assert.ok(remarks.join('\n').includes(`${dead}; the study ends here`), remarks.join('\n'));
    assert.match(remarks.join('\n'), /2 of 3 planned marks/);
  });
});
