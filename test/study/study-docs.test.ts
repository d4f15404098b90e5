// docs/study.md is what people write their study.yaml by.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readStudy } from '../../src/study/study-file.ts';
import { projectFolder } from '../tools/katydid.ts';

const [whole = '', variants = ''] = [
  ...readFileSync(join(projectFolder, 'docs/study.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
].map(([, text = '']) => text);
const env = { PASSWORD: 'right', TOKEN: 'abc' };

test('what docs/study.md shows is a study', () => {
  const { master, scale, marks, gates } = readStudy(whole, 'study.yaml', env);
  assert.equal(master?.login?.password, 'right');
  assert.deepEqual(scale.values, [1, 3, 5]);
  assert.deepEqual([marks.length, gates.tries], [2, 2]);
  const rest = 'master: http://localhost:8089\nmarks: [{ users: 1 }]\n';
  assert.deepEqual(Object.keys(readStudy(`${rest}${variants}`, 'study.yaml', env).variants ?? {}), [
    'Go, gRPC',
    'Go, REST',
  ]);
});

test('docs/study.md has each key that is read', () => {
  const source = readFileSync(join(projectFolder, 'src/study/study-file.ts'), 'utf8');
  const read = /\b(?:text|texts|wholes?|numbers?|seconds|ms|part|choice|yes|sections?|scales)\('([a-z][a-z0-9-]*)'/g;
  const keys = [...new Set([...source.matchAll(read)].map(([, key = '']) => key))];
  assert.ok(keys.length > 35, keys.join());
  for (const key of keys) assert.match(`${whole}${variants}`, new RegExp(`\\b${key}:`), key);
});
