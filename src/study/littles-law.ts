import type { Level } from './level.ts';

/** Little's law at one level: users = rps × (response + wait). Where it does not hold, the measurement is broken. */
export interface LittlesCheck {
  readonly users: number;
  /** What the law makes of the measured rps and response times. */
  readonly byLaw: number;
  /** Part of 1: the law's users over the real ones, less 1. */
  readonly deviation: number;
  /** Seconds that a user spends outside of requests, for each request. */
  readonly wait: number;
  readonly isBroken: boolean;
}

export interface LittlesLaw {
  readonly checks: readonly LittlesCheck[];
  /** Seconds between two requests of a user; as given, or seen with the fewest users. */
  readonly wait: number;
  readonly isWaitGiven: boolean;
}

/** A larger part is no noise. */
const allowed = 0.15;

/**
 * Holds each level against the law. Without a given `wait`, the one with the fewest users is taken for all: then the law
 * tells whether users lost time elsewhere when there were more of them.
 */
export function littlesLaw(levels: readonly Level[], wait?: number): LittlesLaw | null {
  const known = levels.flatMap(({ users, rps, average, error }) =>
    average === null || rps <= 0 ? [] : [{ users, rps, error, response: average / 1000 }],
  );
  const [light] = known;
  if (light === undefined) return null;
  const usual = wait ?? Math.max(0, light.users / light.rps - light.response);
  const checks = known.map(({ users, rps, response, error }) => {
    const byLaw = rps * (response + usual);
    const deviation = byLaw / users - 1;
    const doubt = 2 * Math.hypot(error / rps, light.error / light.rps);
    return { users, byLaw, deviation, wait: users / rps - response, isBroken: Math.abs(deviation) > allowed + doubt };
  });
  return { checks, wait: usual, isWaitGiven: wait !== undefined };
}
