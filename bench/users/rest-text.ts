import { constant, constantThroughput } from 'katydid';
import { RestTextUser } from '../../users/rest.ts';

const rate = Number(process.env.BENCH_RATE_PER_USER ?? 0);

/** The user of `users/rest.ts` without its waits; with `BENCH_RATE_PER_USER`, at so many tasks a second. */
export class RestLoop extends RestTextUser {
  static override waitTime = rate > 0 ? constantThroughput(rate) : constant(0);
}
