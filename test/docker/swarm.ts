// Swarms at a master whose workers are there: `swarm.ts URL PROFILE`; fails if a class makes no request, or one fails.
import assert from 'node:assert/strict';
import { until } from '../e2e/until.ts';
import { readyOf, rowsOf, totalOf, WebApi } from '../e2e/web-api.ts';

/** Rows that each profile must have. */
const rows: Readonly<Record<string, readonly string[]>> = {
  website: ['POST /login', 'GET /'],
  classifier: ['POST /predict', 'grpc /text.v1.Classifier/Predict'],
  batch: ['POST 0:batch', 'POST batch-1', 'POST batch-32', 'POST batch-64'],
  stress: ['POST /predict', 'GET /'],
  iot: ['MQTT connect', 'MQTT subscribe', 'MQTT publish', 'echo receive'],
};

const least = 60;

const [url = '', profile = ''] = process.argv.slice(2);
const web = new WebApi(url, '2.47.0');
await until('two workers are ready', async () => readyOf(await web.statistics()) === 2, { limit: 30 });
await web.swarm(12, 12);
const wanted = rows[profile] ?? [];
await until(
  `${wanted.join(', ')} are in the statistics, and ${least} requests`,
  async () => {
    const now = await web.statistics();
    const all = new Set(rowsOf(now).map((row) => `${row.method} ${row.name}`));
    return totalOf(now) >= least && wanted.every((name) => all.has(name));
  },
  { limit: 30, every: 0.5 },
);
await web.stop();
const statistics = await web.settledStatistics();
for (const { method, name, num_requests } of rowsOf(statistics))
  process.stdout.write(`${method} ${name} ${num_requests}\n`);
assert.deepEqual(statistics.errors, []);
