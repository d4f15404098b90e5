import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { kubectlArguments, kubectlSource, type PodSelection } from '../../src/harvest/kubectl.ts';
import { temporaryFolder } from '../report/temporary-folder.ts';
import { begin } from './logs.ts';

const selection: PodSelection = { selector: 'app=katydid; rm -rf x', namespace: 'load', since: begin * 1000 };

/** What a `kubectl` with this text gives. */
async function read(t: TestContext, script: string): Promise<string> {
  const program = join(await temporaryFolder(t), 'kubectl');
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  const chunks: Buffer[] = [];
  for await (const chunk of kubectlSource({ ...selection, program }).bytes()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('all lines of all containers are asked for, from a minute before the window on', () => {
  assert.deepEqual(kubectlArguments({ selector: 'app=katydid', since: begin * 1000 }), [
    'logs',
    '--selector=app=katydid',
    '--all-containers',
    '--prefix',
    '--tail=-1',
    '--since-time=2026-11-21T15:59:00.000Z',
  ]);
});

test('no shell reads the selector', async (t) => {
  const words = (await read(t, 'for word in "$@"; do echo "$word"; done')).trim().split('\n');
  assert.deepEqual(words, kubectlArguments(selection));
});

test('what kubectl says when it fails is told', async (t) => {
  const message = 'ended with code 1: No resources found';
  await assert.rejects(
    read(t, 'echo some; echo No resources found >&2; exit 1'),
    (error) => error instanceof UsageError && error.message.endsWith(message),
  );
});

test('without kubectl it says so', async () => {
  const chunks = kubectlSource({ ...selection, program: '/nowhere/kubectl' })
    .bytes()
    [Symbol.asyncIterator]();
  await assert.rejects(chunks.next(), /kubectl logs --selector=.* cannot be started: .*; is kubectl on the PATH\?$/);
});
