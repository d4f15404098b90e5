import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Metrics } from '../../src/monitor/metrics.ts';

const file = new URL('../../helm/katydid/files/dashboard.json', import.meta.url);

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

/** All names and labels that a worker's metrics have. */
async function exposed(): Promise<{ readonly names: Set<string>; readonly text: string }> {
  const metrics = new Metrics(() => ({
    ...{ state: 'running', users: new Map([['A', 1]]), reconnects: 0, brokenMessages: 0, droppedMessages: 0 },
    ...{ heartbeatsSent: 0, heartbeatsReceived: 0 },
  }));
  const text = await metrics.text();
  const names = new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name = '', kind]) => {
      return kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name];
    }),
  );
  return { names, text };
}

test('the dashboard asks for metrics that a worker has', async () => {
  const { panels } = JSON.parse(await readFile(file, 'utf8')) as Dashboard;
  const { names } = await exposed();
  const asked = panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(katydid|process)_\w+/g) ?? []),
  );
  assert.deepEqual(
    [...new Set(asked)].filter((name) => !names.has(name)),
    [],
  );
});

test('the dashboard shows each metric of the worker itself', async () => {
  const text = await readFile(file, 'utf8');
  const { names } = await exposed();
  assert.deepEqual(
    [...names].filter((name) => name.startsWith('katydid_') && !text.includes(name)),
    [],
  );
});
