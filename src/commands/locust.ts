import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../errors.ts';
import { log } from '../log.ts';

const run = promisify(execFile);

/** The oldest Locust whose master speaks the protocol that katydid speaks. */
const oldest = [2, 12] as const;

/**
 * The program of Python's Locust: the one given, the one on PATH, or one in a virtual environment of katydid's own, which
 * is made with python3 when it is first needed.
 */
export async function findLocust(given?: string): Promise<string> {
  if (given !== undefined) return checked(given);
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.map((folder) => join(folder, 'locust')).find((path) => existsSync(path));
  return checked(onPath ?? (await ownLocust()));
}

async function checked(path: string): Promise<string> {
  const { stdout } = await run(path, ['--version']).catch((thrown: Error) => {
    throw new UsageError(`${path} is no Locust that runs: ${thrown.message.trim()}`);
  });
  const [, major = '0', minor = '0'] = /locust (\d+)\.(\d+)/.exec(stdout) ?? [];
  const isOld = Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]);
  if (isOld) throw new UsageError(`${path} is ${stdout.trim()}; Locust ${oldest.join('.')} or newer is needed`);
  log.info(`the master is ${stdout.trim().split(' from ')[0]} (${path})`);
  return path;
}

async function ownLocust(): Promise<string> {
  const place = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'katydid', 'locust');
  const program = join(place, 'bin', 'locust');
  const complete = join(place, 'katydid-complete');
  if (existsSync(complete)) return program;
  log.info(`no locust is on PATH: installing it into ${place} (once; pip needs the network)`);
  try {
    // What an interrupted installation left is made anew.
    await run('python3', ['-m', 'venv', '--clear', place]);
    await run(join(place, 'bin', 'python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      'locust',
    ]);
    await writeFile(complete, '');
    return program;
  } catch (thrown) {
    const { stderr, message } = thrown as Error & { stderr?: string };
    const reason = (stderr || message).trim().split('\n').slice(-3).join('\n  ');
    throw new UsageError(
      `Locust could not be installed:\n  ${reason}\nInstall Python 3.10 or newer with its venv module, or Locust itself ` +
        "('pip install locust'), or give its path with --locust",
    );
  }
}
