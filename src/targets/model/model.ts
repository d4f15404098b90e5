import type { Server } from 'node:http';
import { Model, problemOf } from '../classifier/model.ts';
import { answerJson, readObject } from '../json-body.ts';
import { jsonServer } from '../json-routes.ts';
import { Balancer } from './balancer.ts';
import { OwnReplica } from './own-replica.ts';
import { Upstream } from './upstream.ts';

/** Bytes. */
const maxBodyLength = 65_536;
const statusOf = { full: 503, late: 504, failed: 502 } as const;

/** An API in front of a model that is there several times. */
export interface ModelOptions {
  /** How many models there are in this process; 1 if not given. */
  readonly replicas?: number;
  /** Milliseconds of each prediction; 50 if not given. */
  readonly serviceTime?: number;
  /** Requests that are served or wait; who comes on top gets 503. 1000 if not given. */
  readonly apiLimit?: number;
  /** Seconds until 504; 30 if not given. */
  readonly timeout?: number;
  /** Models elsewhere, in place of those here: each address of this name is one. */
  readonly upstream?: { readonly host: string; readonly port: number };
}

/**
 * `POST /predict {"text": "…"}` → `{"category": 3}` from whichever replica is free, in the order of the requests;
 * `GET /` tells how many replicas there are, and how many requests are served and wait, and how many were
 * served.
 */
export function modelServer({
  replicas = 1,
  serviceTime = 50,
  apiLimit = 1000,
  timeout = 30,
  upstream,
}: ModelOptions = {}): Server {
  const balancer = new Balancer({ limit: apiLimit, timeout });
  const server = jsonServer({
    'GET /': (_, response) => {
      const { replicas: count, running, waiting, served } = balancer;
      answerJson(response, 200, { replicas: count, running, waiting, served });
    },
    'POST /predict': async (request, response) => {
      const fields = await readObject(request, response, maxBodyLength);
      if (fields === undefined) return;
      const problem = problemOf(fields.text);
      if (problem !== undefined) return answerJson(response, 400, { error: problem });
      const outcome = await balancer.predict(fields.text as string);
      if ('category' in outcome) answerJson(response, 200, outcome);
      else answerJson(response, statusOf[outcome.refused], { error: outcome.reason });
    },
  });
  if (upstream === undefined) {
    const model = new Model();
    balancer.use(Array.from({ length: replicas }, () => new OwnReplica(model, serviceTime)));
    return server;
  }
  const others = new Upstream(upstream.host, upstream.port, balancer);
  void others.start();
  server.on('close', () => others.end());
  return server;
}
