import { run } from './run.ts';

const command = 'redis-server';

/** The Redis server of this machine, as Debian's package of that name has it. */
export async function findRedis(): Promise<string> {
  try {
    await run(command, ['--version']);
  } catch (cause) {
    throw new Error(`${command} is not on the PATH (Debian: apt-get install ${command})`, { cause });
  }
  return command;
}
