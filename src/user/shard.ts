import { type Block, blockOf, blockOfPod } from '../devices/block.ts';
import type { Share } from './environment.ts';
import { placeOf } from './place.ts';

/**
 * This thread's part of a list: each element belongs to exactly one thread of one worker, whatever the length. It may be
 * asked for at the top of the user file, too. Each of several workers must know which part it is: `--shard i/n`, or the
 * ordinal of its pod. Outside of a load thread, as in a test, it is the whole list.
 *
 * @example const accounts = shard(allAccounts);
 */
export function shard<T>(list: readonly T[]): T[] {
  const { first, end } = blockOfThread(list.length);
  return list.slice(first, end);
}

/** The part of this worker, of a list of `total`. */
export function blockOfWorker(total: number): Block {
  const share = shareOfWorker();
  return share.origin === 'ordinal' ? blockOfPod(total, share) : blockOf(total, share);
}

/** The part of this thread: of its worker's part, so that a worker has as many as one with fewer threads would. */
export function blockOfThread(total: number): Block {
  const whole = blockOfWorker(total);
  const { first, end } = blockOf(whole.end - whole.first, placeOf().thread);
  return { first: whole.first + first, end: whole.first + end };
}

/** Which of all workers this is. */
export function shareOfWorker(): Share {
  const { thread, shard: part } = placeOf();
  return { ...part, index: Math.floor(part.index / thread.count), count: part.count / thread.count };
}
