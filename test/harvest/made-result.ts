// Results of harvests made by hand.
import { Distribution } from '../../src/harvest/distribution.ts';
import { type HarvestResult, resultFormat } from '../../src/harvest/result.ts';

/** A harvest with these times, in ms. */
export function madeResult(
  run: string,
  responses: readonly number[],
  executions: readonly number[] = [],
): HarvestResult {
  const dataOf = (times: readonly number[]) => {
    const distribution = new Distribution(100_000);
    for (const time of times) distribution.add(time * 1000);
    return distribution.data();
  };
  const amount = responses.length;
  return {
    format: resultFormat,
    run,
    window: { start: '2026-11-21T16:00:00.000Z', end: '2026-11-21T17:00:00.000Z' },
    windowBy: 'publishing',
    binMilliseconds: 100,
    devices: 2,
    payloads: {
      published: amount + 1,
      received: amount,
      late: 0,
      timedOut: 1,
      lost: 1,
      echoed: executions.length,
      dropped: 0,
      unanswered: executions.length === 0 ? null : 1,
      repeated: 0,
      strays: 0,
    },
    responseTimes: dataOf(responses),
    executionTimes: dataOf(executions),
    lines: { total: 10, told: 9, others: 1, torn: 0, repeated: 0 },
    tornLines: [],
    logs: ['a.log'],
    remarks: [],
  };
}
