import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTarget } from '../../src/commands/target.ts';
import { echoOptions } from '../../src/commands/target-echo.ts';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');
/** What the flags are unless given. */
const usual = { _: ['echo'], platform: 'gcp', registry: 'r.csv', address: '127.0.0.1', delay: '0', seed: 1 };

interface Ended {
  readonly code: number | null;
  readonly error: string;
}

/** Runs `katydid target echo` in a folder of its own; `look` gets each piece of its log. */
async function run(
  t: TestContext,
  argv: readonly string[],
  look: (error: string, end: () => void) => void = () => {},
): Promise<Ended> {
  const cwd = mkdtempSync(`${tmpdir()}/katydid-`);
  t.after(() => rmSync(cwd, { recursive: true }));
  const child = spawn(process.execPath, ['--import', tsx, cli, 'target', ...argv], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let error = '';
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
    look(error, () => child.kill('SIGTERM'));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, error };
}

test('katydid target echo listens, ends when it is asked to, and says what it has counted', async (t) => {
  const { code, error } = await run(t, ['echo', '--mqtt', '0', '--ws', '0'], (text, end) => {
    if (text.includes('listens on ws:')) end();
  });
  assert.equal(code, 0);
  assert.match(error, /WARNING\/katydid: there is no registry deviceregistry\.csv yet/);
  assert.match(error, /INFO\/katydid: target echo listens on mqtt:\/\/127\.0\.0\.1:\d+\n/);
  assert.match(error, /INFO\/katydid: echo: 0 connects, 0 received, 0 echoed, 0 lost\n$/);
});

test('it ends although its broker never came', async (t) => {
  const { code } = await run(t, ['echo', '--broker', 'mqtt://127.0.0.1:1'], (text, end) => {
    if (text.includes('cannot be reached')) end();
  });
  assert.equal(code, 0);
});

test('what is wrong is one line, and exit code 2', async (t) => {
  const { code, error } = await run(t, ['--delay', 'long', 'echo']);
  assert.deepEqual([code, error], [2, "katydid: --delay is 'long'; milliseconds are expected: 50, or 10..50\n"]);
});

test('a port without a way in is told with those that there are', async (t) => {
  const { code, error } = await run(t, ['echo', '--port', '1884']);
  const line = 'katydid: target echo has no --port; it has one for each way in: --mqtt 1884, --mqtts, --ws, --wss\n';
  assert.deepEqual([code, error], [2, line]);
});

test('flags and environment become options', () => {
  const args = {
    ...usual,
    delay: '10..50',
    lossEvery: 7,
    skew: 0,
    mqtt: 0,
    ws: 8083,
    value: ['region=r', 'project=mine'],
    noLogPayloads: true,
  };
  const env = {
    LTK_TARGET_PROJECT_ID: 'p',
    LTK_TARGET_REGISTRY_ID: 'g',
    KATYDID_TOKEN_SECRET: 's',
    KATYDID_MQTT_USERNAME: 'u',
  };
  assert.deepEqual(echoOptions(args, env), {
    platform: 'gcp',
    registry: 'r.csv',
    address: '127.0.0.1',
    values: { project: 'mine', region: 'r', registry: 'g', secret: 's' },
    delay: [10, 50],
    lossEvery: 7,
    skew: 0,
    seed: 1,
    logsPayloads: false,
    ports: { mqtt: 0, ws: 8083 },
    username: 'u',
    password: undefined,
  });
});

test('flags that contradict each other are refused', () => {
  for (const [given, message] of [
    [{ broker: 'mqtt://h', mqtt: 1 }, 'with --broker nothing listens here; leave out --mqtt, --mqtts, --ws and --wss'],
    [{ loss: 0.1, lossEvery: 3 }, '--loss and --loss-every were both given; one is possible'],
    [{ tlsCert: 'a.pem' }, 'a certificate and its key are needed: --tls-cert and --tls-key (PEM files)'],
    [{ mqtt: 70_000 }, '--mqtt is 70000; a port from 0 to 65535 is expected'],
    [{ value: ['project'] }, "--value is 'project'; a name and a text are expected: project=mine"],
  ] as const) {
    assert.throws(() => echoOptions({ ...usual, ...given }, {}), { name: 'UsageError', message });
  }
});

test('a certificate that is not there is said', () => {
  assert.throws(() => echoOptions({ ...usual, tlsCert: '/none.pem', tlsKey: '/none.pem' }, {}), {
    name: 'UsageError',
    message: /^--tls-cert cannot be read: ENOENT/,
  });
});

test('katydid up --target echo has it too, with a host for its users', async (t) => {
  const target = await startTarget('echo', '127.0.0.1', { mqtt: 0 });
  t.after(() => target.close());
  assert.match(target.host ?? '', /^mqtt:\/\/127\.0\.0\.1:\d+$/);
});
