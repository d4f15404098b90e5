// Whether what the container was started for is well: exit code 0, or 1.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { thisImage } from './image.ts';
import { planOf } from './plan.ts';
import { probeOf } from './probe.ts';

const patience = AbortSignal.timeout(4000);

/** What to ask about: what is said, or else the arguments of the container, which are those of init after its own. */
function argumentsOfContainer(): readonly string[] {
  if (process.argv.length > 2) return process.argv.slice(2);
  const words = readFileSync('/proc/1/cmdline', 'utf8').split('\0').slice(0, -1);
  const at = words.findLastIndex((word) => /(^|\/)(start\.mjs|entrypoint|katydid|locust)$/.test(word));
  return at === -1 ? [] : words.slice(at + 1);
}

/** What is answered there; it rejects where nobody listens. */
async function ask(url: string): Promise<string> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'tcp:') {
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect', { signal: patience });
    socket.destroy();
    return 'listens';
  }
  const { status } = await fetch(url, { redirect: 'manual', signal: patience });
  if (status >= 500) throw new Error(`status ${status}`);
  return `status ${status}`;
}

const { url, what } = probeOf(planOf(argumentsOfContainer(), process.env, thisImage));
try {
  process.stdout.write(`${what}: ${url === undefined ? 'nothing to ask' : await ask(url)}\n`);
} catch (thrown) {
  process.stdout.write(`${what} at ${url}: ${String((thrown as Error).cause ?? thrown)}\n`);
  process.exitCode = 1;
}
