// Duty: the MQTT load generators of others, found or installed once into the tools' folder.
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../test/tools/cache.ts';
import { newestLocust } from '../test/tools/locust.ts';
import { run } from '../test/tools/run.ts';
import type { Generator } from './generator.ts';
import { node, peer } from './peers.ts';

const pahoVersion = '2.1.0';

/** At most once, or at least once. */
export type MeasuredQos = 0 | 1;

/** Locust with what its MqttUser needs, in a folder of its own. */
function findLocustWithPaho(): Promise<string> {
  return cached(`locust-${newestLocust}-paho-${pahoVersion}`, async (folder) => {
    await run('python3', ['-m', 'venv', folder]);
    const wanted = [`locust==${newestLocust}`, `paho-mqtt==${pahoVersion}`];
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run(join(folder, 'bin', 'python'), [...pip, ...wanted]);
    // pip writes absolute paths into its scripts; this one still works after the folder was renamed.
    await writeFile(join(folder, 'bin', 'locust'), '#!/bin/sh\nexec "$(dirname "$0")/python" -m locust "$@"\n');
    await chmod(join(folder, 'bin', 'locust'), 0o755);
  });
}

/** A bare loop over mqtt.js. */
export const bareMqtt = (name: string, qos: MeasuredQos): Generator => ({
  name,
  prepare:
    async () =>
    ({ url, users }) =>
      node('mqtt-bare.ts', url, String(users), String(qos)),
});

/** Locust's MqttUser with paho, a worker. */
export const locustMqtt = (name: string, qos: MeasuredQos): Generator => ({
  name,
  isWorker: true,
  env: { BENCH_QOS: String(qos) },
  async prepare() {
    const command = join(await findLocustWithPaho(), 'bin', 'locust');
    return ({ masterPort }) => [
      ...([command, '-f', peer('locust_mqtt.py')] as const),
      ...['--worker', '--master-port', String(masterPort)],
    ];
  },
});
