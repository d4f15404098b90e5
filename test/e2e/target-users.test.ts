// The user files of the targets batch and model, each against the embedded target.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTarget } from '../../src/commands/target.ts';
import { katydidCli, projectFolder } from '../tools/katydid.ts';
import { tryRun } from '../tools/run.ts';

for (const [name, file, expected] of [
  ['batch', 'batch.ts', ['POST 0:batch', 'POST batch-1', 'POST batch-32', 'POST batch-64']],
  ['model', 'stress.ts', ['POST /predict', 'GET /']],
] as const) {
  test(`users/${file} asks target ${name}, and nothing fails`, async (t) => {
    const target = await startTarget(name, '127.0.0.1', { port: 0 });
    t.after(() => target.close());
    const args = ['bench', join(projectFolder, 'users', file), '--iterations', '40', '-H', target.host ?? ''];
    const url = `--{}-url ${target.host}/predict`;
    const urls = ['no-batch', 'batch1', 'batch32', 'batch64'].flatMap((to) => url.replace('{}', to).split(' '));
    const argv = [katydidCli, ...args, ...(name === 'batch' ? urls : [])];
    const { code, output } = await tryRun(process.execPath, argv);
    assert.equal(code, 0, output);
    assert.match(output, /40 iterations .*, 0 failed\n/);
    for (const row of expected) assert.ok(output.replaceAll(/ +/g, ' ').includes(row), `${row} in ${output}`);
  });
}
