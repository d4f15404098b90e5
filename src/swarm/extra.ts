type Extra = Readonly<Record<string, unknown>>;

/**
 * What `reportToMaster` listeners of two threads added, as one: numbers add up, lists join, maps merge by the same rule;
 * of anything else the latter wins.
 */
export function mergeExtra(a: Extra, b: Extra): Extra {
  const merged = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    merged.set(key, merged.has(key) ? mergeValues(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

function mergeValues(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (isPlain(a) && isPlain(b)) return mergeExtra(a, b);
  return b;
}

function isPlain(value: unknown): value is Extra {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
