// The six servers of one proto: in TypeScript, Python and Go, over REST and gRPC, each as the program that it is.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { checkGrpc, checkRest } from '../targets/classifier-checks.ts';
import { goClassifier, type Program, pythonClassifier } from '../tools/classifiers.ts';
import { katydidCli } from '../tools/katydid.ts';
import { need } from '../tools/need.ts';
import { Child } from './child.ts';

const katydid = { command: process.execPath, args: [katydidCli, 'target', 'classifier'], env: {} };

const servers: readonly (readonly [name: string, find: () => Promise<Program>, port: string])[] = [
  ['TypeScript, REST', async () => ({ ...katydid, args: [...katydid.args, '--no-grpc'] }), '--rest'],
  ['TypeScript, gRPC', async () => ({ ...katydid, args: [...katydid.args, '--no-rest'] }), '--grpc'],
  ['Python, REST', () => pythonClassifier('rest.py'), '--port'],
  ['Python, gRPC', () => pythonClassifier('grpc_server.py'), '--port'],
  ['Go, REST', () => goClassifier('rest'), '--port'],
  ['Go, gRPC', () => goClassifier('grpc'), '--port'],
];

/** How many calls the servers before had, by protocol. */
const told = new Map<string, string>();

for (const [name, find, port] of servers) {
  test(`the classifier in ${name}`, async (t) => {
    const program = await need(t, find);
    if (program === undefined) return;
    const child = new Child(name, program.command, [...program.args, port, '0'], program.env);
    try {
      const address = await addressOf(child);
      if (name.endsWith('REST')) await checkRest(t, `http://${address}`);
      else await checkGrpc(t, address);
      await checkEnd(t, child);
    } finally {
      await child.end();
    }
  });
}

async function addressOf(child: Child): Promise<string> {
  const said = /listens on (?:http:\/\/)?([\d.]+:\d+)/;
  await child.said(said);
  return said.exec(child.output)?.[1] ?? '';
}

async function checkEnd(t: TestContext, child: Child): Promise<void> {
  await t.test(
    'it ends on SIGTERM, without an error, telling how many calls it had, and of no single one',
    async () => {
      assert.equal(await child.end('SIGTERM'), 0);
      const [, last = '', ...more] = child.output.trim().split('\n');
      assert.deepEqual(more, []);
      const [, calls = 'none', protocol = ''] = /had (\d+) calls \((\w+)\)$/.exec(last) ?? [];
      assert.ok(Number(calls) > 1000, child.output);
      // The same was asked of all servers of a protocol.
      assert.equal(calls, told.get(protocol) ?? calls);
      told.set(protocol, calls);
    },
  );
}
