import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageMonitor } from '../../src/runner/usage.ts';

function burn(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) Math.sqrt(end);
}

test('a busy thread shows in the CPU usage, an idle one hardly', async () => {
  const monitor = new UsageMonitor(1);
  burn(100);
  const busy = monitor.sample().cpu;
  await new Promise((resolve) => setTimeout(resolve, 50));
  const idle = monitor.sample().cpu;
  assert.ok(busy > 10 && idle < busy, `busy ${busy}, idle ${idle}`);
});

test('100 % means that all load threads are busy', () => {
  const [one, four] = [new UsageMonitor(1), new UsageMonitor(4)];
  burn(60);
  const ratio = one.sample().cpu / four.sample().cpu;
  assert.ok(ratio > 3 && ratio < 5, `${ratio}`);
});

test('memory is the resident bytes of the process', () => {
  const { memory } = new UsageMonitor(1).sample();
  assert.ok(Number.isInteger(memory) && memory > 10_000_000);
});

test('two samples at one moment are finite', () => {
  const monitor = new UsageMonitor(2);
  monitor.sample();
  const { cpu } = monitor.sample();
  assert.ok(Number.isFinite(cpu) && cpu >= 0);
});
