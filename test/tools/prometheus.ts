import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Sample } from '../monitor/exposition.ts';
import { cached } from './cache.ts';
import { run } from './run.ts';

const version = '0.26.0';
const program = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
families = text_string_to_metric_families(sys.stdin.read())
print(json.dumps([{'name': s.name, 'labels': s.labels, 'value': s.value} for f in families for s in f.samples]))
`;

/** Prometheus's own reader of its text format, from its Python client. */
export async function findPrometheus(): Promise<(text: string) => Promise<readonly Sample[]>> {
  const home = await cached(`prometheus-client-${version}`, async (folder) => {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '-q', `prometheus_client==${version}`]);
  });
  return (text) => read(join(home, 'bin', 'python'), text);
}

function read(python: string, text: string): Promise<readonly Sample[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as Sample[]);
      else reject(new Error(`prometheus_client cannot read the metrics: exit code ${code}`));
    });
    child.stdin.end(text);
  });
}
