import type { ShapeTick } from '../user/load-test-shape.ts';
import type { ShapeStage } from '../user/shape.ts';
import type { LoadShape } from './shape.ts';

/** What a shape said second by second. */
export interface Simulation {
  /** Seconds with the same answer are one stage. */
  readonly stages: readonly ShapeStage[];
  /** It had not ended at the limit. */
  readonly isCut: boolean;
}

/** Asks a shape as a run would, without waiting: its users come and go at the spawn rate as if the time passed. */
export async function simulate(shape: LoadShape, limitSeconds: number): Promise<Simulation> {
  const stages: ShapeStage[] = [];
  let last: string | undefined;
  let users = 0;
  for (let time = 0; time < limitSeconds; time++) {
    const wanted = await shape.tick(time, Math.round(users));
    if (wanted === null) return { stages, isCut: false };
    if (JSON.stringify(wanted) === last) stages.pop();
    stages.push({ until: Math.min(time + 1, limitSeconds), ...wanted });
    last = JSON.stringify(wanted);
    users = towards(users, wanted);
  }
  return { stages, isCut: true };
}

/** The users a second later. */
function towards(users: number, wanted: ShapeTick): number {
  const change = wanted.users - users;
  return users + Math.sign(change) * Math.min(Math.abs(change), wanted.spawnRate);
}
