// Duty: the target and the master of a bench, both on the core that the generators do not have.
import { Master } from '../test/e2e/master.ts';
import { findLocust, newestLocust } from '../test/tools/locust.ts';
import { run } from '../test/tools/run.ts';
import { cores, keep } from './cores.ts';
import { type Place, userFile } from './generator.ts';
import { Target, type TargetProgram } from './target.ts';

/** Starts both, hands them over, ends both. The master knows the classes of `users`, a file of `bench/users/`. */
export async function withPlace(
  work: (place: Place) => Promise<void>,
  program?: Promise<TargetProgram>,
  users = 'fast',
): Promise<void> {
  const target = await Target.start(program);
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
