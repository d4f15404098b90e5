import { UsageError } from '../errors.ts';
import { modelServer, mostReplicas } from '../targets/model/model.ts';
import type { Arguments } from './arguments.ts';
import { number, numberOf, serveTarget, wholeOf } from './target-served.ts';

const usage = `katydid target model

An API in front of a model that is there several times, each making one prediction at a time:
POST /predict {"text": "…"}, and GET / for how busy it is. What comes above the limit gets 503,
what waits too long 504. PUT /replicas {"replicas": 3} scales it.

The system of docker/study.yaml: --service-time 222 --api-workers 2 --api-time 24 --timeout 2.5`;

/** `katydid target model`. */
export function targetModel(argv: readonly string[]): Promise<number> {
  return serveTarget(argv, {
    name: 'model',
    usage,
    port: 8000,
    flags: {
      replicas: { ...number('How many models there are'), default: 1 },
      'service-time': { ...number('Milliseconds of a prediction'), default: 50 },
      'api-limit': { ...number('Requests that are served or wait; who comes on top gets 503'), default: 1000 },
      'api-workers': number('Requests that the API hands on at a time, while the others wait; any number if not given'),
      'api-time': { ...number('Milliseconds that the API takes itself for a request'), default: 0 },
      timeout: { ...number('Seconds from the request to 504'), default: 30 },
      upstream: {
        type: 'string',
        requiresArg: true,
        describe: 'HOST:PORT of models elsewhere, in place of those here: each address of the name is one',
      },
    },
    make: (args) =>
      modelServer({
        replicas: wholeOf(args, 'replicas', 1, mostReplicas),
        serviceTime: numberOf(args, 'service-time', 0),
        apiLimit: wholeOf(args, 'api-limit', 1),
        ...(args.apiWorkers === undefined ? {} : { apiWorkers: wholeOf(args, 'api-workers', 1) }),
        apiTime: numberOf(args, 'api-time', 0),
        timeout: numberOf(args, 'timeout', 0.001),
        ...upstreamOf(args),
      }),
  });
}

function upstreamOf({ upstream }: Arguments): { readonly upstream?: { readonly host: string; readonly port: number } } {
  if (upstream === undefined) return {};
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(String(upstream)) ?? [];
  if (host !== undefined && Number(port) <= 65_535) return { upstream: { host, port: Number(port) } };
  throw new UsageError(`--upstream is '${String(upstream)}'; HOST:PORT is expected, such as model:8000`);
}
