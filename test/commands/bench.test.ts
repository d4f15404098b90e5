import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { userFolder } from '../swarm/user-folder.ts';

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const node = ['--import', import.meta.resolve('tsx'), '--import', place('../swarm/threads-from-source.ts')];

/** Runs `katydid bench users.ts` on a file of this text; `onStdout` may end it before its time. */
async function bench(
  t: TestContext,
  text: string,
  argv: readonly string[],
  onOutput: (output: string, kill: () => void) => void = () => {},
): Promise<Ran> {
  const folder = await userFolder(t, { 'users.ts': text });
  const inherited = Object.entries(process.env).filter(([name]) => !/^(LOCUST|KATYDID|NODE_TEST)/.test(name));
  const child = spawn(process.execPath, [...node, place('../../src/cli.ts'), 'bench', 'users.ts', ...argv], {
    cwd: folder,
    env: Object.fromEntries(inherited),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    onOutput(stderr, () => child.kill('SIGINT'));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: stdout.replaceAll(folder, '…'), stderr: stderr.replaceAll(folder, '…') };
}

/** An HTTP server in this process; `/bad` is a 500. */
async function server(t: TestContext): Promise<{ readonly url: string; readonly seen: string[] }> {
  const seen: string[] = [];
  const made = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.statusCode = request.url === '/bad' ? 500 : 200;
    response.end('hello');
  });
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  t.after(() => made.close());
  return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, seen };
}

const shop = `import { constant, defineOptions, HttpUser, TaskSet, User } from 'katydid';
export const options = defineOptions({ tenant: { default: 'acme' } });
class Basket extends TaskSet {
  static waitTime = constant(1000);
  static tasks = { look: 1 };
  async look() {
    await this.client.get('/basket', { context: { tenant: options.of(this.environment).tenant } });
    this.interrupt();
  }
}
export class Buyer extends HttpUser {
  static waitTime = constant(1000);
  static tasks = { home: { weight: 1, tags: ['home'] }, basket: { weight: 1, tags: ['basket'] } };
  basket = Basket;
  async onStart() { await this.client.post('/login'); }
  async home() { await this.client.get('/'); }
}
export class Idle extends User { static tasks = { nothing: 1 }; nothing() {} }`;

test('each class runs so many iterations, with no waits, and gets its table', { timeout: 30_000 }, async (t) => {
  const { url, seen } = await server(t);
  const { code, stdout, stderr } = await bench(t, shop, ['-i', '20', '-H', url]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(seen.length, 21);
  assert.match(stdout, /^Buyer: 20 iterations in [\d.]+ s, 21 requests, 0 failed\n\n {2}Method .*\n/);
  const count = (what: string): number => seen.filter((each) => each === what).length;
  assert.match(stdout, new RegExp(`^  GET +/ +${count('GET /')} +0 .* ${count('GET /') / 20}$`, 'm'));
  assert.match(stdout, new RegExp(`^  GET +/basket +${count('GET /basket')} +0 `, 'm'));
  assert.match(stdout, /^ {2}POST +\/login +1 +0 .* 0\.05$/m);
  assert.match(stdout, /^Idle: 20 iterations in [\d.]+ s, 0 requests, 0 failed$/m);
});

test('--once prints each request as it ends, in task sets too', { timeout: 30_000 }, async (t) => {
  const { url } = await server(t);
  const argv = ['Buyer', '--once', '-H', url, '--tags', 'basket', '--tenant', 'globex'];
  const { code, stdout } = await bench(t, shop, argv);
  assert.equal(code, 0);
  const [head, login = '', basket = '', empty, table] = stdout.split('\n');
  assert.deepEqual([head, empty], ['Buyer', '']);
  assert.match(login, /^ {2}200 +[\d.]+ ms +5 B {2}POST \/login {2}http:\/\/127\.0\.0\.1:\d+\/login$/);
  assert.match(basket, /^ {2}200 +[\d.]+ ms +5 B {2}GET \/basket {2}http:\S+\/basket {2}\{ tenant: 'globex' \}$/);
  assert.match(table ?? '', /^Buyer: 1 iteration in /);
  assert.doesNotMatch(stdout, /Idle/);
});

test('a request that failed: its reason, exit code 1', { timeout: 30_000 }, async (t) => {
  const { url } = await server(t);
  const { code, stdout } = await bench(t, shop.replace("'/'", "'/bad'"), ['-T', 'home', '--once', '-H', url]);
  assert.equal(code, 1);
  const reason = "HTTPError\\('500 Server Error: Internal Server Error for url: /bad'\\)";
  assert.match(stdout, new RegExp(`^  500 .* GET /bad .* failed: ${reason}$`, 'm'));
  assert.match(stdout, new RegExp(`^    1 × GET /bad: ${reason}$`, 'm'));
});

const broken = `import { User } from 'katydid';
export class Broken extends User {
  static tasks = { act: 1 };
  act() {
    throw new TypeError('boom');
  }
}`;

test('what user code throws: all of it, with lines of the source, exit code 1', { timeout: 30_000 }, async (t) => {
  const { code, stdout } = await bench(t, broken, ['-i', '250']);
  assert.equal(code, 1);
  assert.match(stdout, /^ {4}250 × TypeError: boom\n {8}at Broken\.act \(…\/users\.ts:5:11\)$/m);
});

test('a user that cannot be made: said, exit code 1, and the next class has its turn', {
  timeout: 30_000,
}, async (t) => {
  const text = shop.replace('nothing() {}', 'async nothing() { await this.sleep(0.04); }');
  const { code, stdout } = await bench(t, text, ['-i', '2']);
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^Buyer: 0 of 2 iterations .*\n\n {2}Exceptions\n {4}1 × Buyer could not be made: it has no host/m,
  );
  assert.match(stdout, /^Idle: 2 iterations/m);
});

test('--waits keeps the pauses; Ctrl-C ends a trial, shows it, and is exit code 1', { timeout: 30_000 }, async (t) => {
  const text = shop.replace('nothing() {}', "nothing() { console.log('once'); }");
  const idle = text.replace('class Idle extends User {', 'class Idle extends User { static waitTime = constant(1000);');
  const { code, stdout } = await bench(t, idle, ['Idle', '-i', '2', '--waits'], (output, kill) => {
    if (output.endsWith('once\n')) kill();
  });
  assert.equal(code, 1);
  assert.match(stdout, /^Idle: 1 of 2 iterations/);
});

test('--run-time ends a trial that does not end by itself', { timeout: 30_000 }, async (t) => {
  const text = shop.replace('nothing() {}', 'async nothing() { await this.sleep(1000); }');
  const { code, stdout } = await bench(t, text, ['Idle', '--run-time', '0.2', '-i', '2']);
  assert.equal(code, 0);
  assert.match(stdout, /^Idle: 1 of 2 iterations in 0\.\d+ s/);
});

test('a class that throws in onStart is over at once', { timeout: 30_000 }, async (t) => {
  const text = broken.replace('act() {', "onStart() { throw new Error('no login'); }\n  act() {");
  const { code, stdout } = await bench(t, text, ['-i', '5']);
  assert.equal(code, 1);
  assert.match(stdout, /^Broken: 0 of 5 iterations in .*\n\n {2}Exceptions\n {4}1 × Error: no login\n/);
});

test('the exit code that user code asks for wins', { timeout: 30_000 }, async (t) => {
  const text = broken.replace('throw new', 'this.environment.processExitCode = 7; throw new');
  const { code } = await bench(t, text, ['-i', '1']);
  assert.equal(code, 7);
});

const refusals: readonly (readonly [string, readonly string[], string])[] = [
  ['no whole number', ['-i', '1.5'], '--iterations is 1.5; a whole number from 1 on is expected'],
  ['no iteration', ['-i', '0'], '--iterations is 0; a whole number from 1 on is expected'],
  ['both ways', ['--once', '-i', '2'], '--once is --iterations 1; give one of them'],
  ['a mistyped flag', ['--wiats'], 'unknown flag --wiats; did you mean --waits?'],
  ['an unknown class', ['Wroken'], 'Unknown User(s): Wroken; the user file has Broken'],
  ['a file that is not there', ['gone.ts'], 'user file gone.ts does not exist'],
];

for (const [what, argv, line] of refusals) {
  test(`${what} is refused`, { timeout: 30_000 }, async (t) => {
    const { code, stdout, stderr } = await bench(t, broken, argv);
    assert.deepEqual([code, stdout, stderr], [2, '', `katydid: ${line}\n`]);
  });
}

test('the user file may be named by -f too', { timeout: 30_000 }, async (t) => {
  const folder = await userFolder(t, { 'more.ts': broken.replace('Broken', 'Second') });
  const { stdout } = await bench(t, broken, ['-f', join(folder, 'more.ts'), '-i', '1', 'Second']);
  assert.match(stdout, /^Second: 1 iteration/);
});

test('a user that cannot begin, as its broker is not there, ends the trial', { timeout: 60_000 }, async (t) => {
  const device = `import { MqttUser } from 'katydid';
export class Device extends MqttUser {
  static host = 'mqtt://127.0.0.1:1';
  static tasks = { act: 1 };
  async onStart() {
    await this.client.connect();
  }
  act() {}
}`;
  const { code, stdout, stderr } = await bench(t, device, ['--once']);
  assert.equal(code, 1);
  assert.match(stderr, /Device: no iteration has begun after 10 s, as requests fail; --run-time gives it longer\n$/);
  assert.match(stdout, /^Device: 0 of 1 iterations in 1\d s, \d requests, \d failed$/m);
});
