import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { playScenarios, readExceptions, workerCommand } from './scenarios.ts';

for (const threads of [1, 2]) {
  const title = `a worker of ${threads} thread(s) sends what Python's worker sends`;
  test(title, { timeout: 240_000 }, async (t) => {
    const locust = await need(t, () => findLocust(newestLocust));
    if (!locust) return;
    const exceptions = await readExceptions();
    const unseen = new Set(exceptions);
    const scenarios = await playScenarios(locust.python, workerCommand('--processes', String(threads)));
    assert.ok(scenarios.length >= 23, `only ${scenarios.length} scenarios were played`);
    for (const { name, ok, lines, should } of scenarios) {
      await t.test(name, () => {
        assert.ok(ok, lines.join('\n'));
        for (const line of should) {
          const known = exceptions.find((e) => e.scenario === name && line.startsWith(`should: ${e.difference}`));
          assert.ok(known, `a difference that should.json does not list: ${line}`);
          unseen.delete(known);
        }
      });
    }
    for (const { scenario, difference } of unseen) {
      t.diagnostic(`should.json lists ${difference} of ${scenario}, which did not occur`);
    }
  });
}
