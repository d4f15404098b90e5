import { tryRun } from './run.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** The path of the system's Chromium. Only `.ci/run` installs one: a test run does not change the system. */
export async function findChromium(): Promise<string> {
  for (const name of names) {
    const { code, output } = await tryRun('sh', ['-c', `command -v ${name}`]);
    if (code === 0) return output.trim();
  }
  throw new Error(`none of ${names.join(', ')} is on the PATH (Debian: apt-get install chromium)`);
}
