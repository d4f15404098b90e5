import type { Server, ServerResponse } from 'node:http';
import { Model, problemOf } from '../classifier/model.ts';
import { answerJson, readObject } from '../json-body.ts';
import { jsonServer, type Route, type Routes } from '../json-routes.ts';
import { Balancer, type Replica } from './balancer.ts';
import { Front } from './front.ts';
import { OwnReplica } from './own-replica.ts';
import { Upstream } from './upstream.ts';

/** Bytes. */
const maxBodyLength = 65_536;
const statusOf = { full: 503, late: 504, failed: 502 } as const;
/** So many replicas are as many as anybody has. */
export const mostReplicas = 10_000;

/** An API in front of a model that is there several times. */
export interface ModelOptions {
  /** How many models there are in this process; 1 if not given. */
  readonly replicas?: number;
  /** Milliseconds of each prediction; 50 if not given. */
  readonly serviceTime?: number;
  /** Requests that are served or wait; who comes on top gets 503. 1000 if not given. */
  readonly apiLimit?: number;
  /** Requests that the API hands on at a time, while the others wait; any number if not given. */
  readonly apiWorkers?: number;
  /** Milliseconds that the API takes itself for each request; 0 if not given. */
  readonly apiTime?: number;
  /** Seconds until 504; 30 if not given. */
  readonly timeout?: number;
  /** Models elsewhere, in place of those here: each address of this name is one. */
  readonly upstream?: { readonly host: string; readonly port: number };
}

/**
 * `POST /predict {"text": "…"}` → `{"category": 3}` from whichever replica is free, in the order of the requests;
 * `GET /` tells how many replicas there are, how many requests are served and wait, and how many were served;
 * `PUT /replicas {"replicas": 3}` scales the models that are in this process.
 */
export function modelServer({
  replicas = 1,
  serviceTime = 50,
  apiLimit = 1000,
  apiWorkers = Number.POSITIVE_INFINITY,
  apiTime = 0,
  timeout = 30,
  upstream,
}: ModelOptions = {}): Server {
  const balancer = new Balancer();
  const front = new Front(balancer, { limit: apiLimit, timeout, workers: apiWorkers, workTime: apiTime });
  const tell = (response: ServerResponse): void => {
    const { replicas: count, running } = balancer;
    answerJson(response, 200, { replicas: count, running, waiting: front.waiting, served: front.served });
  };
  const predict: Route = async (request, response) => {
    const fields = await readObject(request, response, maxBodyLength);
    if (fields === undefined) return;
    const problem = problemOf(fields.text);
    if (problem !== undefined) return answerJson(response, 400, { error: problem });
    const outcome = await front.predict(fields.text as string);
    if ('category' in outcome) answerJson(response, 200, outcome);
    else answerJson(response, statusOf[outcome.refused], { error: outcome.reason });
  };
  const routes: Routes = { 'GET /': (_, response) => tell(response), 'POST /predict': predict };
  if (upstream !== undefined) {
    const server = jsonServer(routes);
    const others = new Upstream(upstream.host, upstream.port, balancer);
    void others.start();
    server.on('close', () => others.end());
    return server;
  }
  const model = new Model();
  const own: Replica[] = [];
  const scale = (count: number): void => {
    while (own.length < count) own.push(new OwnReplica(model, serviceTime));
    own.length = count;
    balancer.use(own);
  };
  scale(replicas);
  const rescale: Route = async (request, response) => {
    const fields = await readObject(request, response, maxBodyLength);
    if (fields === undefined) return;
    const count = typeof fields.replicas === 'number' ? fields.replicas : Number.NaN;
    if (!Number.isInteger(count) || count < 1 || count > mostReplicas) {
      return answerJson(response, 400, { error: `replicas must be a whole number from 1 to ${mostReplicas}` });
    }
    scale(count);
    tell(response);
  };
  return jsonServer({ ...routes, 'PUT /replicas': rescale });
}
