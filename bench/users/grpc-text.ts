import { constant, constantThroughput } from 'katydid';
import { GrpcTextUser } from '../../users/grpc.ts';

const rate = Number(process.env.BENCH_RATE_PER_USER ?? 0);

/** The user of `users/grpc.ts` without its waits; with `BENCH_RATE_PER_USER`, at so many tasks a second. */
export class GrpcLoop extends GrpcTextUser {
  static override proto = '../../protos/text.proto';
  static override waitTime = rate > 0 ? constantThroughput(rate) : constant(0);
}
