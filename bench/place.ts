// Duty: the target and the master of a bench, both on the core that the generators do not have.
import { Master } from '../test/e2e/master.ts';
import { findLocust, newestLocust } from '../test/tools/locust.ts';
import { run } from '../test/tools/run.ts';
import { cores, keep } from './cores.ts';
import { type Place, userFile } from './generator.ts';
import { Target, type TargetProgram, type UnderLoad } from './target.ts';

/** Starts both, hands them over, ends both. */
export async function withPlace(
  work: (place: Place) => Promise<void>,
  program?: Promise<TargetProgram>,
): Promise<void> {
  await withPlaceOf(await Target.start(program), work);
}

/** With a target that runs; it is ended, too. The master knows the classes of `users`, a file of `bench/users/`. */
export async function withPlaceOf<Of extends UnderLoad>(
  target: Of,
  work: (place: Place<Of>) => Promise<void>,
  users = 'fast',
): Promise<void> {
  const args = ['-H', target.url, '--stop-timeout', '1', '-L', 'WARNING'];
  const master = await Master.start(await findLocust(newestLocust), { users: userFile(users), args });
  try {
    const { pid } = keep(master.child);
    await run('taskset', ['-a', '-p', cores.target, String(pid)]);
    await work({ target, master });
  } finally {
    await master.end();
  }
  await target.end();
}
