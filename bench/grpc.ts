// Unary gRPC calls per CPU-second of the load generator: katydid beside other tools, in interleaved rounds.
// `npm run build && node --import tsx bench/grpc.ts [--rounds 5] [--users 100] [--only name,…] [--plot file.svg]`
import { compare } from './comparison.ts';
import { katydidWorker } from './generator.ts';
import { grpcPeers } from './grpc-peers.ts';
import { grpcTarget } from './grpc-target.ts';
import { Target } from './target.ts';

const own = 'katydid GrpcUser';
const shared = 'katydid GrpcUser shared';
const semiSpace = '+ 64 MB semi-spaces';
const env = { NODE_OPTIONS: '--max-semi-space-size=64' };
/** All users on one connection. */
const connections = (): number => 1;

await compare({
  generators: [
    ...grpcPeers,
    katydidWorker(own, 'grpc'),
    { ...katydidWorker(shared, 'grpc-shared'), connections },
    { ...katydidWorker(`${own} ${semiSpace}`, 'grpc'), env },
    { ...katydidWorker(`${shared} ${semiSpace}`, 'grpc-shared'), connections, env },
  ],
  ratios: [
    { of: own, to: 'bare grpc-js', wanted: 0.9 },
    { of: shared, to: 'bare grpc-js shared', wanted: 0.9 },
    { of: own, to: 'Locust grpcio', wanted: 1.2 },
    { of: own, to: 'k6' },
    { of: own, to: 'ghz' },
    { of: shared, to: 'ghz shared' },
    { of: shared, to: own },
    { of: `${own} ${semiSpace}`, to: own },
    { of: `${shared} ${semiSpace}`, to: shared },
  ],
  target: () => Target.start(grpcTarget()),
  users: 'grpc',
  counts: '100',
  title: 'Unary gRPC calls per CPU-second of the generator',
  isInPlot: (name) => !name.endsWith(semiSpace),
});
