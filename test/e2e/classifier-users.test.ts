// The two user files that compare REST and gRPC, each against the embedded classifier.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTarget } from '../../src/commands/target.ts';
import { katydidCli, projectFolder } from '../tools/katydid.ts';
import { tryRun } from '../tools/run.ts';

const users = join(projectFolder, 'users');

test('both have the same tasks, waits and texts', async () => {
  const parts = async (file: string): Promise<readonly string[]> => {
    const source = await readFile(join(users, file), 'utf8');
    return [/const texts = .*;/, /static waitTime = .*;/, /static tasks = [^;]*\}/].map(
      (part) => part.exec(source)?.[0] ?? `${part} is missing in ${file}`,
    );
  };
  assert.deepEqual(await parts('rest.ts'), await parts('grpc.ts'));
});

for (const [file, flag, expected] of [
  ['rest.ts', 'rest', 'POST /predict'],
  ['grpc.ts', 'grpc', 'grpc /text.v1.Classifier/Predict'],
] as const) {
  test(`users/${file} asks the embedded classifier, and nothing fails`, async (t) => {
    const target = await startTarget('classifier', '127.0.0.1', { rest: 0, grpc: 0 });
    t.after(() => target.close());
    const host = target.urls.get(flag) ?? '';
    const args = ['bench', join(users, file), '--iterations', '30', '-H', host];
    const { code, output } = await tryRun(process.execPath, [katydidCli, ...args]);
    assert.equal(code, 0, output);
    assert.match(output, /30 iterations .*, 0 failed\n/);
    assert.match(output.replaceAll(/ +/g, ' '), new RegExp(expected.replaceAll('.', '\\.')));
  });
}
