import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { lineLike, lines, pairOf, payload, refusal, Scene } from './scene.ts';

test('a device that is registered later is let in without a restart', async (t) => {
  const scene = await Scene.start(t);
  assert.equal(await refusal(scene.connect(scene.login('LTK00101'))), 5);
  scene.register('LTK00101');
  await scene.echoOf(await scene.listening('LTK00101'), payload(1, 'LTK00101'), 'LTK00101');
});

test('a device that is registered no more is refused', async (t) => {
  const scene = await Scene.start(t);
  (await scene.connect()).end();
  writeFileSync(scene.registry, 'id,algorithm,publicKey\n');
  assert.equal(await refusal(scene.connect()), 5);
});

test("a device's new key takes the place of the old one", async (t) => {
  const scene = await Scene.start(t, { ids: [] });
  scene.register('LTK00001', pairOf('old').publicKey);
  assert.equal(await refusal(scene.connect()), 5);
  writeFileSync(scene.registry, 'id,algorithm,publicKey\n');
  scene.register('LTK00001');
  await scene.connect();
});

test('a registry that is not there is said once, and waited for', async (t) => {
  const scene = await Scene.start(t, { ids: [] });
  rmSync(scene.registry);
  assert.equal(await refusal(scene.connect()), 5);
  assert.equal(await refusal(scene.connect()), 5);
  assert.equal(lines.filter((line) => line.includes('there is no registry')).length, 1);
  writeFileSync(scene.registry, 'id,algorithm,publicKey\n');
  scene.register('LTK00001');
  await scene.connect();
});

test('a registry that is damaged leaves what was known, and is said', async (t) => {
  const scene = await Scene.start(t);
  writeFileSync(scene.registry, 'id,algorithm,publicKey\nLTK00001,ES256,torn');
  await scene.connect();
  assert.match(await lineLike(/cannot be read/), /^WARNING registry .* cannot be read: /);
});
