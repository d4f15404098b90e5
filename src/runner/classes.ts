import type { Counts } from '../swarm/split.ts';
import { nearest } from '../words.ts';

/** Which ordered classes this worker's user file has not, in words; undefined if it has them all. */
export function unknownClasses(ordered: Counts, known: readonly string[]): string | undefined {
  const unknown = [...ordered].filter(([name, count]) => count > 0 && !known.includes(name)).map(([name]) => name);
  const [first] = unknown.sort();
  if (first === undefined) return undefined;
  const meant = nearest(first, known);
  return (
    `the master orders users of ${unknown.join(', ')}, which this worker's user file has not (it has ${known.join(', ')})` +
    `${meant === undefined ? '.' : `; is ${meant} meant?`} Give the master the locustfile that 'katydid locustfile' prints`
  );
}
