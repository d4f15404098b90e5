import type { Server } from 'node:http';
import { answerJson, readObject } from '../json-body.ts';
import { jsonServer } from '../json-routes.ts';
import { Counter } from './counter.ts';
import { cultivarOf, isWine, wineFields } from './wine.ts';

/** Bytes: some ten thousand rows. */
const maxBodyLength = 4 * 1024 * 1024;

/** What a prediction costs, in milliseconds of a server that makes one at a time. */
export interface BatchCosts {
  /** Each call, whatever it brings. */
  readonly call?: number;
  /** Each row on top. */
  readonly row?: number;
}

type Predicted =
  | { readonly rows: readonly (readonly number[])[]; readonly isBatch: boolean }
  | { readonly problem: string };

/**
 * Wine classification: `POST /predict` takes one wine, `{"alcohol": 13.7, …}` with its 13 measures by name, and answers
 * `{"Prediction": 0}`; or many, `{"batches": [[13 numbers], …]}`, and answers `{"Prediction": [0, 2, …]}`.
 * `GET /` tells of how many calls and rows there were.
 */
export function batchServer({ call = 0, row = 0 }: BatchCosts = {}): Server {
  const counter = new Counter();
  const served = { calls: 0, rows: 0 };
  return jsonServer({
    'GET /': (_, response) => answerJson(response, 200, served),
    'GET /healthz': (_, response) => answerJson(response, 200, { status: 'ok' }),
    'POST /predict': async (request, response) => {
      const fields = await readObject(request, response, maxBodyLength);
      if (fields === undefined) return;
      const given = rowsOf(fields);
      if ('problem' in given) return answerJson(response, 400, { error: given.problem });
      served.calls++;
      served.rows += given.rows.length;
      await counter.serve(call + row * given.rows.length);
      const cultivars = given.rows.map(cultivarOf);
      answerJson(response, 200, { Prediction: given.isBatch ? cultivars : cultivars[0] });
    },
  });
}

function rowsOf(fields: Readonly<Record<string, unknown>>): Predicted {
  const { batches } = fields;
  if (batches === undefined) {
    const wine = wineFields.map((name) => fields[name]);
    const missing = wineFields.find((_, at) => !Number.isFinite(wine[at]));
    if (isWine(wine)) return { rows: [wine], isBatch: false };
    return { problem: `${missing} must be a number (or 'batches' a list of rows)` };
  }
  if (!Array.isArray(batches) || batches.length === 0) return { problem: 'batches must be a list of rows' };
  const wrong = batches.findIndex((row) => !isWine(row));
  if (wrong !== -1) return { problem: `row ${wrong} of batches must be ${wineFields.length} numbers` };
  return { rows: batches as number[][], isBatch: true };
}
