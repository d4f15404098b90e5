import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where the kernel says how much CPU time a container may use: cgroup v2, then v1. */
const quotaFiles = [
  { quota: '/sys/fs/cgroup/cpu.max', period: undefined },
  { quota: '/sys/fs/cgroup/cpu/cpu.cfs_quota_us', period: '/sys/fs/cgroup/cpu/cpu.cfs_period_us' },
] as const;

/** Cores that this process may really use: those of the machine, or fewer if its cgroup has a quota. At least 1. */
export function allowedCores(read: (path: string) => string = (path) => readFileSync(path, 'utf8')): number {
  for (const { quota, period } of quotaFiles) {
    try {
      const [allowed = '', per = '100000'] = `${read(quota).trim()} ${period === undefined ? '' : read(period)}`.split(
        /\s+/,
      );
      const cores = Number(allowed) / Number(per);
      if (cores > 0) return Math.max(1, Math.min(availableParallelism(), Math.ceil(cores)));
    } catch {
      // Not in such a cgroup.
    }
  }
  return availableParallelism();
}
