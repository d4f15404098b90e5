import { batchServer } from '../targets/batch/batch.ts';
import { number, numberOf, serveTarget } from './target-served.ts';

const usage = `katydid target batch

Wine classification, one call at a time: POST /predict with the 13 measures of a wine by name,
or with {"batches": [[13 numbers], …]}.`;

/** `katydid target batch`. */
export function targetBatch(argv: readonly string[]): Promise<number> {
  return serveTarget(argv, {
    name: 'batch',
    usage,
    port: 5001,
    flags: {
      'call-cost': { ...number('Milliseconds of each call, whatever it brings'), default: 5 },
      'row-cost': { ...number('Milliseconds of each row on top'), default: 0.5 },
    },
    make: (args) => batchServer({ call: numberOf(args, 'call-cost', 0), row: numberOf(args, 'row-cost', 0) }),
  });
}
