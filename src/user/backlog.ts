/** What was planned and never begun, by class: kept by the users who end, told once for all. */
const missed = new Map<string, number>();

/** `count` iterations of a user of this class were due when it was stopped. */
export function addMissed(className: string, count: number): void {
  if (count > 0) missed.set(className, (missed.get(className) ?? 0) + count);
}

/** What is to be told of all since the last call, a line for each class. */
export function takeMissed(): string[] {
  const lines = [...missed].map(
    ([className, count]) =>
      `${count} ${count === 1 ? 'iteration' : 'iterations'} of ${className} ${count === 1 ? 'was' : 'were'} due and never ` +
      'begun: as many as its maxConcurrent allows were running; no figure holds what these would have waited',
  );
  missed.clear();
  return lines;
}
