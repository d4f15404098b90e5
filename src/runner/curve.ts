import type { ShapeStage } from '../user/shape.ts';

/** So many users at so many seconds from the start; a straight line leads to the next point. */
export interface CurvePoint {
  readonly time: number;
  readonly users: number;
}

/** How a shape's users should come and go. */
export interface Curve {
  readonly points: readonly CurvePoint[];
  /** Stages, by place, that end before their users run: a master finishes their ramp first, and may miss the next ones. */
  readonly cut: readonly number[];
}

/** The users over time that stages want, with their ramps at the spawn rate. */
export function curveOf(stages: readonly ShapeStage[]): Curve {
  const points: CurvePoint[] = [{ time: 0, users: 0 }];
  const cut: number[] = [];
  let start = 0;
  let users = 0;
  for (const [place, stage] of stages.entries()) {
    const change = stage.users - users;
    const ramp = Math.abs(change) / stage.spawnRate;
    const length = stage.until - start;
    // Rates are rounded, so that a ramp as long as its stage may be longer by a hair.
    const isCut = ramp > length * 1.001;
    if (isCut) cut.push(place);
    users = isCut ? users + Math.sign(change) * stage.spawnRate * length : stage.users;
    if (change !== 0 && ramp < length) points.push({ time: start + ramp, users });
    points.push({ time: stage.until, users });
    start = stage.until;
  }
  return { points, cut };
}

/** Users at one time: between two points, on their line; nobody after the last. */
export function usersAt(points: readonly CurvePoint[], time: number): number {
  const place = points.findIndex((point) => point.time > time);
  const next = points[place];
  const last = points[place - 1];
  if (next === undefined || last === undefined) return 0;
  return last.users + ((next.users - last.users) * (time - last.time)) / (next.time - last.time);
}
