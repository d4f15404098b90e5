// Duty: the samples of a bench by generator and number of users, and ratios paired within each round.
import type { Sample } from './generator.ts';

/** Requests per CPU-second of the generator. */
export const perCpuSecond = ({ requests, cpu }: Sample): number => requests / cpu;

/** A figure of one generator beside that of another. */
export interface Ratio {
  readonly of: string;
  readonly to: string;
  /** What the project wants it to be at least; nothing if it is only shown. */
  readonly wanted?: number;
}

/** What was measured, by round. */
export class Results {
  readonly #samples = new Map<string, Map<number, Sample>>();

  add(name: string, users: number, round: number, sample: Sample): void {
    const key = `${name} ${users}`;
    const rounds = this.#samples.get(key) ?? new Map<number, Sample>();
    this.#samples.set(key, rounds.set(round, sample));
  }

  samples(name: string, users: number): readonly Sample[] {
    return [...(this.#samples.get(`${name} ${users}`)?.values() ?? [])];
  }

  /** One value for each round in which both were measured. Without `toUsers` both have as many users. */
  ratios(of: string, to: string, users: number, toUsers: number = users): readonly number[] {
    const others = this.#samples.get(`${to} ${toUsers}`);
    return [...(this.#samples.get(`${of} ${users}`) ?? [])].flatMap(([round, sample]) => {
      const other = others?.get(round);
      return other === undefined ? [] : [perCpuSecond(sample) / perCpuSecond(other)];
    });
  }
}
