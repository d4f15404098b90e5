import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { log } from '../../log.ts';
import type { Listener } from '../listener.ts';
import { classifierCalls } from './calls.ts';
import { HealthService } from './health.ts';
import { Model } from './model.ts';

const proto = fileURLToPath(new URL('../../../protos/text.proto', import.meta.url));
const service = 'text.v1.Classifier';

/** The text classifier over gRPC, with the standard health service. At its end it tells how many calls there were. */
export function classifierGrpc(model: Model = new Model()): Listener {
  const server = new Server();
  const health = new HealthService([service]);
  let calls = 0;
  const implementation = classifierCalls(model, () => {
    calls++;
  });
  server.addService(loadSync(proto, { defaults: true })[service] as ServiceDefinition, implementation);
  health.addTo(server);
  return {
    protocol: 'grpc',

    listen: (address, port) =>
      new Promise((resolve, reject) => {
        const at = `${address.includes(':') ? `[${address}]` : address}:${port}`;
        server.bindAsync(at, ServerCredentials.createInsecure(), (error, bound) =>
          error === null ? resolve(bound) : reject(error),
        );
      }),

    close: (grace) =>
      new Promise((resolve) => {
        health.end();
        const late = setTimeout(() => server.forceShutdown(), grace * 1000);
        server.tryShutdown(() => {
          clearTimeout(late);
          if (calls > 0) log.info(`target classifier had ${calls} calls (grpc)`);
          resolve();
        });
      }),
  };
}
