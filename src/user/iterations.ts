/** How many iterations may begin in a test: plain data, whose counter all threads share. */
export interface IterationLimit {
  /** One number: those that are left. */
  readonly left: Int32Array;
  readonly total: number;
  /**
   * What an iteration is. `task`: each task, in task sets too; entering a set is none (locust-plugins' `--iterations`).
   * `turn`: what the user's own table names, a task set with all that runs in it.
   */
  readonly of: 'task' | 'turn';
}

/** A limit of `total` iterations, from 1 on, for all users of all threads together. */
export function limitIterations(total: number, of: 'task' | 'turn'): IterationLimit {
  const left = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  left[0] = total;
  return { left, total, of };
}

/** How many have begun. */
export function begunOf({ left, total }: IterationLimit): number {
  return total - Math.max(0, Atomics.load(left, 0));
}

/** Whether the last one has begun. */
export function isReached(limit: IterationLimit): boolean {
  return begunOf(limit) === limit.total;
}

/** Begins one: 'no' if there was none left, 'last' if there is none left after it. */
export function beginIteration({ left }: IterationLimit): 'yes' | 'last' | 'no' {
  const before = Atomics.sub(left, 0, 1);
  if (before > 1) return 'yes';
  if (before === 1) return 'last';
  Atomics.add(left, 0, 1);
  return 'no';
}
