// Circles of imports: files that cannot be understood one after the other.

type Imports = ReadonlyMap<string, readonly string[]>;

/** The shortest circle, its first file also at its end; undefined if there is none. */
export function shortestCircle(imports: Imports): readonly string[] | undefined {
  let shortest: readonly string[] | undefined;
  for (const file of imports.keys()) {
    const circle = wayBackTo(file, imports);
    if (circle !== undefined && circle.length < (shortest?.length ?? Number.POSITIVE_INFINITY)) shortest = circle;
  }
  return shortest;
}

function wayBackTo(start: string, imports: Imports): readonly string[] | undefined {
  const seen = new Set<string>();
  let ways: readonly (readonly string[])[] = [[start]];
  while (ways.length > 0) {
    const longer: string[][] = [];
    for (const way of ways) {
      for (const file of imports.get(way.at(-1) ?? '') ?? []) {
        if (file === start) return [...way, file];
        if (seen.has(file)) continue;
        seen.add(file);
        longer.push([...way, file]);
      }
    }
    ways = longer;
  }
  return undefined;
}
