import { UsageError } from '../errors.ts';
import type { UserClass } from '../user/user.ts';

/** Python's names, which mean nothing here: a wait time that is not heard of would be no wait at all. */
const pythons: readonly (readonly [python: string, ours: string])[] = [
  ['wait_time', 'static waitTime'],
  ['fixed_count', 'static fixedCount'],
  ['on_start', 'onStart()'],
  ['on_stop', 'onStop()'],
  ['default_headers', 'static headers'],
];

/** Refuses what is written where nobody reads it. */
export function checkNames(userClass: UserClass): void {
  const { name, prototype } = userClass as UserClass & { readonly prototype: object };
  for (const [python, ours] of pythons) {
    if (python in userClass || python in prototype) {
      throw new UsageError(`${name}.${python} is Python's name and of no effect here; write ${ours}`);
    }
  }
  for (const option of ['maxConcurrent', 'spacing']) {
    if (option in userClass) {
      throw new UsageError(
        `${name}.${option} is of no effect there; write static arrivals = scheduled(rate, { ${option}: … })`,
      );
    }
  }
}
