// Duty: the system under load of the gRPC benches, compiled where Go is.
import { fileURLToPath } from 'node:url';
import { run } from '../test/tools/run.ts';
import { compiled, type TargetProgram } from './target.ts';

const folder = fileURLToPath(new URL('targets/grpc', import.meta.url));
const sources = ['go.mod', 'go.sum', 'main.go'].map((file) => `${folder}/${file}`);

/** A server of `text.v1.Classifier/Predict` on grpc-go. */
export async function grpcTarget(): Promise<TargetProgram> {
  const path = await compiled('grpc-target', sources, (to) => run('go', ['build', '-o', to, '.'], { cwd: folder }));
  return { path, env: { GOMAXPROCS: '1', GOGC: '400' } };
}
