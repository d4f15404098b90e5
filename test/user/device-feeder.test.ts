import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { deviceFeeder } from '../../src/user/device-feeder.ts';
import { Life } from '../../src/user/life.ts';
import { atPlace, type PlaceOptions } from './at-place.ts';
import { logged } from './scene.ts';

const devices = Array.from({ length: 100 }, (_, at) => ({
  id: `LTK${String(at + 1).padStart(5, '0')}`,
  privateKey: '',
}));

function lineAt(t: TestContext, place: PlaceOptions, list = devices): string[] {
  const lines = logged();
  atPlace(t, place);
  deviceFeeder(list);
  return lines;
}

test('the first worker of two says that it has the first half', (t) => {
  assert.deepEqual(lineAt(t, { worker: [0, 2] }), ['sharded device range LTK00001..LTK00050 (50 of 100)']);
});

test("the first thread says its worker's whole range", (t) => {
  assert.deepEqual(lineAt(t, { worker: [1, 2], thread: [0, 4] }), [
    'sharded device range LTK00051..LTK00100 (50 of 100)',
  ]);
});

test('the other threads say nothing', (t) => {
  assert.deepEqual(lineAt(t, { worker: [1, 2], thread: [1, 4] }), []);
});

test('a worker for which there is no device says so', (t) => {
  assert.deepEqual(lineAt(t, { worker: [2, 3] }, devices.slice(0, 2)), ['sharded device range none (0 of 2)']);
});

test('a device is one user’s at a time', (t) => {
  atPlace(t, { worker: [1, 100] });
  logged();
  const feeder = deviceFeeder(devices, 'devicelist.csv');
  assert.equal(feeder.take({ life: new Life() }).id, 'LTK00002');
  assert.throws(() => feeder.take({ life: new Life() }), { message: /more users than rows: .* of devicelist\.csv/ });
});
