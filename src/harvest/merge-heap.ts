/**
 * Merges sorted streams: `onLowest` gets the one whose current item is the lowest, takes it, moves it on, and says
 * whether it has one more.
 */
export function lowestFirst<T>(
  streams: readonly T[],
  compare: (one: T, other: T) => number,
  onLowest: (stream: T) => boolean,
): void {
  const heap = [...streams].sort(compare);
  let [lowest] = heap;
  while (lowest !== undefined) {
    if (!onLowest(lowest)) {
      const last = heap.pop();
      if (heap.length === 0 || last === undefined) return;
      heap[0] = last;
    }
    sink(heap, compare);
    [lowest] = heap;
  }
}

/** Puts the first of a heap where it belongs. */
function sink<T>(heap: T[], compare: (one: T, other: T) => number): void {
  const [moved] = heap;
  if (moved === undefined) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    let lower = heap[child];
    const right = heap[child + 1];
    if (lower === undefined) break;
    if (right !== undefined && compare(right, lower) < 0) {
      lower = right;
      child++;
    }
    if (compare(lower, moved) >= 0) break;
    heap[at] = lower;
    at = child;
  }
  heap[at] = moved;
}
