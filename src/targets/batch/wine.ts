/** What is measured of a wine, in the order in which a row of a batch has it. */
export const wineFields = [
  'alcohol',
  'malic_acid',
  'ash',
  'alcalinity_of_ash',
  'magnesium',
  'total_phenols',
  'flavanoids',
  'nonflavanoid_phenols',
  'proanthocyanins',
  'color_intensity',
  'hue',
  'od280_od315_of_diluted_wines',
  'proline',
] as const;

/** The average wine of each of three cultivars, and how much wines differ: of the wines that were analysed in 1991. */
const averages = [
  [13.74, 2.01, 2.46, 17.04, 106.34, 2.84, 2.98, 0.29, 1.9, 5.53, 1.06, 3.16, 1115.71],
  [12.28, 1.93, 2.24, 20.24, 94.55, 2.26, 2.08, 0.36, 1.63, 3.09, 1.06, 2.79, 519.51],
  [13.15, 3.33, 2.44, 21.42, 99.31, 1.68, 0.78, 0.45, 1.15, 7.4, 0.68, 1.68, 629.9],
] as const;
const spreads = [0.81, 1.12, 0.27, 3.34, 14.28, 0.63, 1, 0.12, 0.57, 2.32, 0.23, 0.71, 314.91];

/** The cultivar, 0 to 2, whose average wine is nearest to this one, each measure in units of its spread. */
export function cultivarOf(wine: readonly number[]): number {
  const distances = averages.map((average) =>
    average.reduce((sum, value, at) => sum + (((wine[at] ?? 0) - value) / (spreads[at] ?? 1)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}

/** A row of a batch, if it is one. */
export function isWine(row: unknown): row is readonly number[] {
  return Array.isArray(row) && row.length === wineFields.length && row.every((value) => Number.isFinite(value));
}
