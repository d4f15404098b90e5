import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { GrpcError } from '../grpc/failure.ts';
import { listServices } from '../grpc/reflection.ts';
import { decodeMessage, encodeMessage } from '../protocol/codec.ts';
import { workerId } from '../protocol/identity.ts';
import type { MasterMessage, WorkerMessage } from '../protocol/message.ts';
import { MasterSocket } from '../protocol/socket.ts';
import { type Arguments, argumentsOf, check, parser } from './arguments.ts';
import { allowedCores } from './cores.ts';
import { type Flag, logFlags, userFlags, workerFlags } from './flags.ts';
import { readManifest } from './locustfile.ts';
import { setUpLog } from './logging.ts';
import { userFiles } from './user-files.ts';

const flags: Readonly<Record<string, Flag>> = {
  ...userFlags,
  'master-host': workerFlags['master-host'] ?? {},
  'master-port': workerFlags['master-port'] ?? {},
  'web-port': {
    type: 'number',
    requiresArg: true,
    default: 8089,
    describe: "The web UI's port, to compare the clocks",
  },
  grpc: {
    type: 'string',
    requiresArg: true,
    describe: 'Ask this gRPC server which services it has (host:port, https://host:port)',
  },
  ...logFlags,
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};
const usage = `katydid doctor -f users.ts --master-host HOST

Can a worker run here, against that master? It asks the master for work for a moment: not to be used while a test runs,
nor while a headless master waits for its workers. With --grpc HOST and no -f it asks that server only.`;

const answerMilliseconds = 5000;
/** Each user has a connection, and Node and the master some more. */
const comfortableFiles = 10_000;
/** A clock that is off moves the master's requests per second. */
const tolerableSkewSeconds = 2;

/** How one check came out. */
interface Finding {
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly text: string;
}

const ok = (text: string): Finding => ({ verdict: 'ok', text });
const warn = (text: string): Finding => ({ verdict: 'warn', text });
const fail = (text: string): Finding => ({ verdict: 'fail', text });

/** `katydid doctor`: a line a check; exit code 1 if one failed. */
export async function doctor(argv: readonly string[]): Promise<number> {
  const args = await argumentsOf(parser(argv, flags).usage(usage));
  if (args === undefined) return 0;
  setUpLog(args);
  let failures = 0;
  const tell = ({ verdict, text }: Finding): void => {
    if (verdict === 'fail') failures++;
    process.stdout.write(`${verdict.padEnd(4)} ${text}\n`);
  };
  tell(ok(`Node ${process.version}`));
  tell(openFiles());
  tell(cores(args));
  if (args.grpc !== undefined) tell(await grpcServices(String(args.grpc)));
  if (args.grpc !== undefined && args.locustfile === undefined) {
    check({ ...args, _: [] }, flags);
    return failures === 0 ? 0 : 1;
  }
  const files = userFiles(args.locustfile as string | undefined);
  const manifest = await readManifest(files);
  const classes = manifest.classes.map(({ name }) => name);
  tell(ok(`${files.join(', ')} has the user classes ${classes.join(', ')}`));
  check({ ...args, _: [] }, flags);
  const [host, port] = [String(args.masterHost), Number(args.masterPort)];
  const reachable = await reach(host, port);
  tell(reachable);
  if (reachable.verdict === 'ok') for (const finding of await askMaster(host, port, classes)) tell(finding);
  tell(await clock(host, Number(args.webPort)));
  process.stdout.write(failures === 0 ? 'A worker can run.\n' : `${failures} check(s) failed.\n`);
  return failures === 0 ? 0 : 1;
}

function openFiles(): Finding {
  try {
    const limit =
      /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 'unlimited';
    if (limit === 'unlimited' || Number(limit) >= comfortableFiles) return ok(`open files: up to ${limit}`);
    return warn(
      `open files: up to ${limit}; each user needs one at least. Raise it with 'ulimit -n ${comfortableFiles}'`,
    );
  } catch {
    return warn('open files: the limit cannot be read on this system');
  }
}

function cores(args: Arguments): Finding {
  const allowed = allowedCores();
  const wanted = args.processes === -1 ? allowed : Number(args.processes);
  const text = `CPU: ${allowed} core(s) allowed, ${wanted} load thread(s) asked for with --processes`;
  return wanted > allowed ? warn(`${text}: they will slow each other down, and what is measured with them`) : ok(text);
}

async function grpcServices(host: string): Promise<Finding> {
  try {
    const { version, services } = await listServices(host);
    return ok(`${host} has the gRPC services ${services.join(', ') || '(none)'} (server reflection ${version})`);
  } catch (thrown) {
    if (!(thrown instanceof GrpcError)) throw thrown;
    if (thrown.status !== 'UNIMPLEMENTED') return fail(`${host} does not answer gRPC: ${thrown.message}`);
    return warn(`${host} answers, but has no server reflection: it does not tell its gRPC services`);
  }
}

function reach(host: string, port: number): Promise<Finding> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: answerMilliseconds });
    const end = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    socket.once('connect', () => end(ok(`${host}:${port} accepts connections`)));
    socket.once('timeout', () => end(fail(`${host}:${port} does not answer: a firewall, or a wrong address?`)));
    socket.once('error', ({ message }) =>
      end(fail(`${host}:${port} cannot be reached: ${message}. Does the master run?`)),
    );
  });
}

/** An `ack`, and the classes of the locustfile that the master has. */
async function askMaster(host: string, port: number, classes: readonly string[]): Promise<Finding[]> {
  const identity = workerId();
  const socket = new MasterSocket({ host, port, identity });
  const send = (message: WorkerMessage): void => socket.send(encodeMessage(message, identity));
  const heard: MasterMessage[] = [];
  socket.onFrame((frame) => heard.push(decodeMessage(frame)));
  const began = performance.now();
  send({ type: 'clientReady' });
  const ack = await first(heard, (message) => message.type === 'ack');
  const findings = [
    ack === undefined
      ? fail(
          `no acknowledgement within ${answerMilliseconds / 1000} s: is ${host}:${port} the port for workers of a Locust master?`,
        )
      : ok(`the master acknowledged this worker after ${Math.round(performance.now() - began)} ms`),
  ];
  // Not `quit`: that would end a headless master whose only worker this was.
  send({ type: 'clientStopped' });
  if (ack !== undefined) {
    send({ type: 'locustfile' });
    const reply = await first(heard, (message) => message.type === 'custom' && message.messageType === 'locustfile');
    findings.push(compareClasses(reply?.type === 'custom' ? reply.data : undefined, classes));
  }
  await socket.close(500);
  return findings;
}

async function first(
  heard: readonly MasterMessage[],
  is: (message: MasterMessage) => boolean,
): Promise<MasterMessage | undefined> {
  for (const due = performance.now() + answerMilliseconds; performance.now() < due; await delay(20)) {
    const found = heard.find(is);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Masters from 2.23 on hand their locustfile out: one file, or from 2.31 a list. */
function compareClasses(reply: unknown, own: readonly string[]): Finding {
  const data = (reply ?? {}) as { locustfiles?: readonly unknown[]; contents?: unknown };
  const texts = [...(data.locustfiles ?? []), data]
    .map((file) => (file as { contents?: unknown }).contents)
    .filter((contents) => typeof contents === 'string');
  if (texts.length === 0)
    return warn('the master does not hand out its locustfile, so the class names could not be compared');
  const theirs = texts.flatMap((text) =>
    [...text.matchAll(/^class ([\p{ID_Continue}]+)\(.*User\)/gmu)].map(([, name]) => name ?? ''),
  );
  const missing = own.filter((name) => !theirs.includes(name));
  const unknown = theirs.filter((name) => !own.includes(name));
  if (missing.length === 0 && unknown.length === 0) return ok('the master has the same user classes');
  const parts = [
    ...(missing.length > 0 ? [`the master lacks ${missing.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`this worker lacks ${unknown.join(', ')}`] : []),
  ];
  return fail(`${parts.join('; ')}. Start the master with the output of 'katydid locustfile'`);
}

async function clock(host: string, webPort: number): Promise<Finding> {
  const name = host.includes(':') ? `[${host}]` : host;
  const answer = await fetch(`http://${name}:${webPort}/`, { method: 'HEAD', signal: AbortSignal.timeout(2000) }).catch(
    () => undefined,
  );
  const date = Date.parse(answer?.headers.get('date') ?? '');
  if (Number.isNaN(date))
    return warn(`no web UI at ${host}:${webPort} tells the time (--web-port); the clocks could not be compared`);
  const skew = Math.abs(Date.now() - date) / 1000;
  const text = `the clock differs from the master's by ${skew < 1.5 ? 'less than 1.5' : skew.toFixed(1)} s`;
  return skew <= tolerableSkewSeconds
    ? ok(text)
    : fail(`${text}: its requests per second will be wrong. Set the clocks (NTP)`);
}
