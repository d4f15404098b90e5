import { answered } from './knee.ts';
import { type Level, sum } from './level.ts';

/**
 * Gunther's Universal Scalability Law, fitted: rps(N) = λN / (1 + σ(N − 1) + κN(N − 1)). σ is what users wait for each
 * other in turn (contention), κ what they must agree upon (coherency), which makes rps fall with more of them.
 */
export interface ScalingLaw {
  /** rps of one user alone. */
  readonly lambda: number;
  readonly sigma: number;
  readonly kappa: number;
  /** Where it is highest, and how high; null where it approaches `limit`, or grows for ever. */
  readonly peak: { readonly users: number; readonly rps: number } | null;
  /** The rps that no number of users exceeds; null if there is none. */
  readonly limit: number | null;
  /** Part of 1: measured over predicted, less 1. */
  readonly residuals: readonly { readonly users: number; readonly part: number }[];
  /** The largest residual without its sign. */
  readonly worst: number;
  /** Part of the variation that it explains, at most 1. */
  readonly r2: number;
}

/** null with fewer than three levels that answered, most of it well. */
export function fitScalingLaw(levels: readonly Level[]): ScalingLaw | null {
  const points = answered(levels)
    .filter(({ goodRps }) => goodRps > 0)
    .map(({ users, goodRps }) => ({ n: users, x: goodRps }));
  if (points.length < 3) return null;
  const [a = 0, b = 0, c = 0] = leastSquares(points);
  if (!(a > 0)) return null;
  const law = { lambda: 1 / a, sigma: b / a, kappa: c / a };
  const residuals = points.map(({ n, x }) => ({ users: n, part: x / predict(law, n) - 1 }));
  const mean = sum(points.map(({ x }) => x)) / points.length;
  const off = sum(points.map(({ n, x }) => (x - predict(law, n)) ** 2));
  const all = sum(points.map(({ x }) => (x - mean) ** 2));
  return {
    ...law,
    peak: peakOf(law),
    limit: law.kappa > 0 || law.sigma === 0 || law.sigma > 1 ? null : law.lambda / law.sigma,
    residuals,
    worst: Math.max(...residuals.map(({ part }) => Math.abs(part))),
    r2: all > 0 ? 1 - off / all : 1,
  };
}

/** rps with so many users. */
export function predict(
  { lambda, sigma, kappa }: Pick<ScalingLaw, 'lambda' | 'sigma' | 'kappa'>,
  users: number,
): number {
  return (lambda * users) / (1 + sigma * (users - 1) + kappa * users * (users - 1));
}

function peakOf(law: Pick<ScalingLaw, 'lambda' | 'sigma' | 'kappa'>): ScalingLaw['peak'] {
  // with a second user already it falls: what it approaches is below what one user has
  if (law.kappa <= 0) return law.sigma > 1 ? { users: 1, rps: law.lambda } : null;
  const users = Math.max(1, Math.sqrt(Math.max(0, 1 - law.sigma) / law.kappa));
  return { users, rps: predict(law, users) };
}

/** Which of 1, N − 1, N(N − 1) take part: those that would be negative do not. */
const subsets: readonly (readonly number[])[] = [[0, 1, 2], [0, 1], [0, 2], [0]];

/**
 * N/rps = a + b(N − 1) + cN(N − 1) is linear in a = 1/λ, b = σ/λ, c = κ/λ, none of which may be negative. Weighted so that
 * a residual is a part of the prediction: each level counts as much as the others.
 */
function leastSquares(points: readonly { readonly n: number; readonly x: number }[]): readonly number[] {
  const rows = points.map(({ n, x }) => [1, n - 1, n * (n - 1)].map((term) => (term * x) / n));
  let best: readonly number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const subset of subsets) {
    const solved = solve(
      subset.map((i) => subset.map((j) => sum(rows.map((row) => (row[i] ?? 0) * (row[j] ?? 0))))),
      subset.map((i) => sum(rows.map((row) => row[i] ?? 0))),
    );
    if (solved === null || solved.some((value) => value < 0)) continue;
    const terms = [0, 0, 0];
    for (const [at, i] of subset.entries()) terms[i] = solved[at] ?? 0;
    const off = sum(rows.map((row) => (1 - sum(row.map((value, i) => value * (terms[i] ?? 0)))) ** 2));
    if (off >= least) continue;
    least = off;
    best = terms;
  }
  return best;
}

/** Gauss's elimination; null if there is no one solution. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const pivot = rows
      .slice(column)
      .reduce((best, row) => (Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best));
    const head = pivot[column] ?? 0;
    if (Math.abs(head) < 1e-12) return null;
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(column, 0, pivot);
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = (row[column] ?? 0) / head;
      for (let i = column; i <= size; i++) row[i] = (row[i] ?? 0) - factor * (pivot[i] ?? 0);
    }
  }
  return rows.map((row, at) => (row[size] ?? 0) / (row[at] ?? 1));
}
