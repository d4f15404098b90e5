import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { userFolder } from './swarm/user-folder.ts';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const node = ['--import', import.meta.resolve('tsx'), '--import', place('swarm/threads-from-source.ts')];

/** Runs katydid from its source in this folder, without variables of Locust's. */
function katydid(folder: string, argv: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(LOCUST|KATYDID|NODE_TEST)/.test(name));
  const child = spawn(process.execPath, [...node, place('../src/cli.ts'), ...argv], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve) => {
    child.on('close', (code) =>
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString().replaceAll(folder, '…'),
      }),
    );
  });
}

const good = `import { User } from 'katydid';
export class Reader extends User { static tasks = { read: 1 }; read(): void {} }`;

/** Runs it with a user file of this text, as a worker. */
async function worker(t: TestContext, text: string, ...argv: string[]): Promise<Ran> {
  const folder = await userFolder(t, { 'users.ts': text });
  return katydid(folder, ['--worker', '-f', 'users.ts', ...argv]);
}

/** It was refused: exit code 2 and one line. */
function assertRefused({ code, stdout, stderr }: Ran, line: string | RegExp): void {
  if (typeof line === 'string') assert.equal(stderr, `katydid: ${line}\n`);
  else assert.match(stderr, line);
  assert.equal(stderr.split('\n').length, 2, stderr);
  assert.deepEqual([code, stdout], [2, '']);
}

test('--help is there soon, and lists commands and flags', async (t) => {
  const began = performance.now();
  const { code, stdout, stderr } = await katydid(await userFolder(t, {}), ['--help']);
  assert.ok(performance.now() - began < 10_000);
  assert.deepEqual([code, stderr], [0, '']);
  for (const word of [
    'katydid up',
    'katydid bench',
    '--worker',
    'katydid locustfile',
    'katydid doctor',
    'katydid target',
    '--master-host',
  ])
    assert.ok(stdout.includes(word), word);
});

test('each command has a help of its own', async (t) => {
  const folder = await userFolder(t, {});
  for (const command of ['up', 'locustfile', 'doctor', 'target', 'bench']) {
    const { code, stdout, stderr } = await katydid(folder, [command, '-h']);
    assert.deepEqual([code, stderr], [0, ''], command);
    assert.match(stdout, new RegExp(`^katydid ${command}`));
  }
});

test('--version is that of the package', async (t) => {
  const { version } = JSON.parse(await readFile(place('../package.json'), 'utf8')) as { version: string };
  assert.deepEqual(await katydid(await userFolder(t, {}), ['--version']), {
    code: 0,
    stdout: `katydid ${version}\n`,
    stderr: '',
  });
});

test('a mistyped command is told with the right one', async (t) => {
  const ran = await katydid(await userFolder(t, {}), ['locustfiel']);
  assertRefused(ran, "there is no command 'locustfiel'; did you mean 'katydid locustfile'?");
});

test('a word that is near to no command is told with all of them', async (t) => {
  const ran = await katydid(await userFolder(t, {}), ['frobnicate']);
  assertRefused(
    ran,
    /^katydid: there is no command 'frobnicate'; there are up, locustfile, .*bench.*, and 'katydid --help'\n$/,
  );
});

test('without a word on how the users shall run, the ways are shown', async (t) => {
  const { code, stderr } = await katydid(await userFolder(t, { 'users.ts': good }), ['-f', 'users.ts']);
  assert.equal(code, 2);
  assert.match(stderr, /^katydid: how shall the users run\?\n\n(.*\n)+ {2}katydid up -f users\.ts/);
});

test('a flag that was to say how they run is told with the right one', async (t) => {
  const folder = await userFolder(t, { 'users.ts': good });
  const hint = 'unknown flag --headles; did you mean --headless?';
  assertRefused(await katydid(folder, ['--headles', '-f', 'users.ts', '-u', '1', '--tenant', 'acme']), hint);
  assertRefused(await katydid(folder, ['--headles']), hint);
  const { stderr } = await katydid(folder, ['-f', 'users.ts', '--tenant', 'acme']);
  assert.match(stderr, /^katydid: how shall the users run\?/);
});

test('an unknown flag', async (t) => {
  assertRefused(await worker(t, good, '--mastr-host', 'x'), 'unknown flag --mastr-host; did you mean --master-host?');
});

test('which part of the workers it takes its host name for is said', async (t) => {
  const folder = await userFolder(t, { 'users.ts': good });
  const argv = ['--worker', '-f', 'users.ts', '--master-port', '1', '--max-connect-time', '0.1'];
  const { stderr } = await katydid(folder, argv, { KATYDID_SHARDS: '4', HOSTNAME: 'iot-2' });
  assert.match(
    stderr,
    /INFO\/katydid: this is part 2\/4 of the workers, by the ordinal in the name of its host; --shard/,
  );
});

test('a user file that is not there', async (t) => {
  const ran = await katydid(await userFolder(t, {}), ['--worker', '-f', 'gone.ts']);
  assertRefused(ran, 'user file gone.ts does not exist');
});

test('no user file at all', async (t) => {
  const ran = await katydid(await userFolder(t, {}), ['--worker']);
  assertRefused(ran, 'no user file: give one with -f users.ts (or put a locustfile.ts into this folder)');
});

test('a syntax error: file, line, column and the line itself, no stack', async (t) => {
  const { code, stdout, stderr } = await worker(t, 'export const a = 1;\nexport const b = ;\n');
  assert.deepEqual([code, stdout], [2, '']);
  assert.equal(
    stderr,
    'katydid: the user file does not compile:\n  users.ts:2:18: Unexpected ";"\n    export const b = ;\n',
  );
});

test('no user class', async (t) => {
  const ran = await worker(t, 'export const a = 1;');
  assertRefused(ran, 'users.ts: no user class was found; export one: export class MyUser extends HttpUser { … }');
});

test('a task that is not there', async (t) => {
  const ran = await worker(t, good.replace('read: 1', 'raed: 1'));
  assertRefused(
    ran,
    /^katydid: users\.ts: Reader\.tasks names 'raed', which is no method .*; did you mean 'read'\?\n$/,
  );
});

test('a weight that is none', async (t) => {
  const ran = await worker(t, good.replace('static', 'static weight = -1; static'));
  assertRefused(ran, 'users.ts: Reader.weight is -1; a number from 0 on is expected');
});

test('a time that is none', async (t) => {
  const ran = await worker(t, good, '--run-time', '10x');
  assertRefused(ran, "--run-time is '10x'; a time such as 20, 20s, 3m, 2h or 1h30m10s is expected");
});

test('a precision that there is not is refused, from the environment too', async (t) => {
  const refused = '--response-time-precision must be 2 or 3 significant digits; 4 was given';
  assertRefused(await worker(t, good, '--response-time-precision', '4'), refused);
  const folder = await userFolder(t, { 'users.ts': good });
  const env = { KATYDID_RESPONSE_TIME_PRECISION: '4' };
  assertRefused(await katydid(folder, ['--worker', '-f', 'users.ts'], env), refused);
});

test('load threads that are none, and a shard that is none', async (t) => {
  assertRefused(
    await worker(t, good, '--processes', '0'),
    /--processes must be a whole number from 1 on.*; 0 was given\n$/,
  );
  assertRefused(await worker(t, good, '--shard', '4/4'), /--shard is '4\/4'; .* such as 0\/4 … 3\/4 *\n$/);
});

test('a class that the user file has not', async (t) => {
  assertRefused(await worker(t, good, 'Writer'), 'Unknown User(s): Writer; the user file has Reader');
});

test('a master that does not answer within --max-connect-time: one line, exit code 1', async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const argv = ['--master-port', String(port), '--max-connect-time', '0.5', '-L', 'ERROR'];
  const { code, stdout, stderr } = await worker(t, good, ...argv);
  assert.deepEqual([code, stdout], [1, '']);
  const said = `no master at 127.0.0.1:${port} answered within 0.5 s (--max-connect-time); is it there?`;
  assert.match(stderr, /^\[[^\n]*\/ERROR\/katydid: [^\n]*\n$/);
  assert.ok(stderr.includes(said), stderr);
});

test('the locustfile goes to stdout, or to the file of -o', async (t) => {
  const folder = await userFolder(t, { 'users.ts': good });
  const printed = await katydid(folder, ['locustfile', '-f', 'users.ts']);
  assert.deepEqual([printed.code, printed.stderr], [0, '']);
  assert.match(printed.stdout, /^class Reader\(locust\.User\):$/m);
  const written = await katydid(folder, ['locustfile', '-f', 'users.ts', '-o', 'locustfile.py']);
  assert.deepEqual(written, { code: 0, stdout: '', stderr: '' });
  assert.equal(await readFile(join(folder, 'locustfile.py'), 'utf8'), printed.stdout);
});

test('-o makes the folder of the locustfile; where it cannot, one line says so', async (t) => {
  const folder = await userFolder(t, { 'users.ts': good });
  const made = await katydid(folder, ['locustfile', '-f', 'users.ts', '-o', 'new/locustfile.py']);
  assert.deepEqual(made, { code: 0, stdout: '', stderr: '' });
  assert.match(await readFile(join(folder, 'new', 'locustfile.py'), 'utf8'), /^class Reader/m);
  const refused = await katydid(folder, ['locustfile', '-f', 'users.ts', '-o', 'users.ts/locustfile.py']);
  assertRefused(refused, /^katydid: --output users\.ts\/locustfile\.py cannot be written: [^\n]*\n$/);
});

test('a variable that is none is told by the name of its flag', async (t) => {
  const folder = await userFolder(t, { 'users.ts': good });
  const ran = await katydid(folder, ['--worker', '-f', 'users.ts'], { LOCUST_MASTER_NODE_PORT: 'x' });
  assertRefused(ran, /^katydid: --master-port must be one number; .*\n$/);
});
