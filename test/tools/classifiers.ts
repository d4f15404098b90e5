// The text classifiers in Python and Go of docker/targets, made ready to run.
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { projectFolder } from './katydid.ts';
import { run, tryRun } from './run.ts';

const protos = join(projectFolder, 'protos');
const pythonFolder = join(projectFolder, 'docker', 'targets', 'python');
const goFolder = join(projectFolder, 'docker', 'targets', 'go');

/** A program and what it is started with. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

/** The first letters of a hash over these files, so that what was made of others is not taken for it. */
async function keyOf(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(protos, 'text.proto')));
  for (const file of files) hash.update(file).update(await readFile(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}

/** A virtual environment with all that the servers and their stubs need, and the stubs; returns its folder. */
async function pythonEnvironment(): Promise<string> {
  const files = ['requirements.txt', 'requirements-build.txt'];
  return cached(`classifier-python-${await keyOf(pythonFolder, files)}`, async (folder) => {
    await run('python3', ['-m', 'venv', folder]);
    const python = join(folder, 'bin', 'python');
    const wanted = files.flatMap((file) => ['-r', join(pythonFolder, file)]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted]);
    const stubs = join(folder, 'stubs');
    await mkdir(stubs);
    const out = [`--python_out=${stubs}`, `--grpc_python_out=${stubs}`];
    await run(python, ['-m', 'grpc_tools.protoc', '-I', protos, ...out, 'text.proto']);
  });
}

/** One of the Python servers, `rest.py` or `grpc_server.py`. */
export async function pythonClassifier(script: string): Promise<Program> {
  const home = await pythonEnvironment();
  return {
    command: join(home, 'bin', 'python'),
    args: [join(pythonFolder, script)],
    env: { PYTHONPATH: join(home, 'stubs'), PYTHONDONTWRITEBYTECODE: '1' },
  };
}

/** The Go server, compiled; `what` is `rest` or `grpc`. */
export async function goClassifier(what: string): Promise<Program> {
  const { code, output } = await tryRun('go', ['version']);
  if (code !== 0) throw new Error(`Go is needed, and go on PATH: ${output}`);
  const sources = (await readdir(goFolder)).filter((file) => /\.(go|mod|sum|sh)$/.test(file)).sort();
  const home = await cached(`classifier-go-${await keyOf(goFolder, sources)}`, async (folder) => {
    const python = join(await pythonEnvironment(), 'bin', 'python');
    const work = join(folder, 'work');
    await mkdir(work, { recursive: true });
    for (const file of sources) await cp(join(goFolder, file), join(work, file));
    // grpcio-tools carry a protoc.
    const protoc = `PROTOC=${python} -m grpc_tools.protoc`;
    await run('env', [protoc, 'sh', join(work, 'generate.sh'), protos]);
    await run('go', ['build', '-o', join(folder, 'classifier'), '.'], { cwd: work });
    await rm(work, { recursive: true });
  });
  return { command: join(home, 'classifier'), args: [what], env: { PROTOS: protos } };
}
