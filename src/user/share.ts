import type { Environment } from './environment.ts';

/**
 * This thread's part of a list: every element belongs to exactly one thread of one worker, whatever the length. Over
 * several workers it needs `--shard i/n` on each.
 *
 * @example
 * let accounts: readonly Account[] = [];
 * events.init.addListener(({ environment }) => {
 *   accounts = share(allAccounts, environment);
 * });
 */
export function share<T>(list: readonly T[], { shard }: Pick<Environment, 'shard'>): T[] {
  const first = Math.floor((list.length * shard.index) / shard.count);
  const end = Math.floor((list.length * (shard.index + 1)) / shard.count);
  return list.slice(first, end);
}
