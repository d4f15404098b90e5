import type { Failure, Outcome, Watch } from './registry.ts';
import { RestError } from './rest-api.ts';

/** Requests under way at once: a registry of millions of devices is not hurried by one more. */
const width = 8;

/**
 * Changes devices one by one, several at once. Nothing further is begun after the first failure, or when the watch is
 * aborted; what was begun ends, and is told of.
 *
 * @param change throws what kept the change from being made.
 */
export async function changeEach<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  watch: Watch,
  change: (item: T) => Promise<void>,
): Promise<Outcome> {
  const done = new Set<string>();
  const failed: Failure[] = [];
  const rest = items.values();
  const lane = async (): Promise<void> => {
    // All lanes draw from one iterator: each item is one lane's.
    for (const item of rest) {
      if (failed.length > 0 || watch.signal?.aborted === true) return;
      try {
        await change(item);
        done.add(idOf(item));
        watch.onProgress?.(done.size);
      } catch (thrown) {
        const isUnknown = thrown instanceof RestError && thrown.wasUnanswered;
        failed.push({ id: idOf(item), reason: (thrown as Error).message, isUnknown });
      }
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return { done: items.map(idOf).filter((id) => done.has(id)), failed };
}
