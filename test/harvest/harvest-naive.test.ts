import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { harvest } from '../../src/harvest/harvest.ts';
import { RunFolder } from '../../src/harvest/run-folder.ts';
import { logSources } from '../../src/harvest/source.ts';
import { temporaryFolder } from '../report/temporary-folder.ts';
import { begin } from './logs.ts';
import { eventsOf, filesOf, naive, type SentPayload, sentPayloads } from './naive.ts';

const all = { published: 0, response: 3, late: undefined, hasTimedOut: false, application: 'echoed', took: 1 } as const;
/** There is always one in the window, with a line of the application. */
const certain: SentPayload = { ...all, device: 'always', number: 0, published: 1_000_000 };

test('logs cut into files, in any order, come to what one sees with all in memory', async (t) => {
  const place = await temporaryFolder(t);
  await fc.assert(
    fc.asyncProperty(
      sentPayloads,
      fc.array(fc.nat(), { minLength: 7, maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 1_000_001, max: 5_400_000 }),
      fc.constantFrom(1, 100, 1000),
      fc.constantFrom(1, 5, 1000),
      async (some, places, count, from, to, bin, recordsInMemory) => {
        const payloads = [...some, certain];
        const window = { start: (begin + from) * 1000, end: (begin + to) * 1000 };
        const folder = await mkdtemp(join(place, 'case-'));
        const files = filesOf(payloads.flatMap(eventsOf), places, count);
        for (const [at, lines] of files.entries()) {
          const text = lines.join('\r\n');
          await writeFile(join(folder, `${at}`), at % 2 === 0 ? text : gzipSync(text));
        }
        const names = files.map((_, at) => join(folder, `${at}`));
        const { payloads: counts, ...result } = await harvest({
          run: 'x',
          folder: new RunFolder(join(folder, 'out'), false),
          window,
          binMilliseconds: bin,
          sources: logSources(names, Readable.from([])),
          isWhole: false,
          recordsInMemory,
          makePage: () => '',
        });
        const list = (file: string): string[] =>
          (parse(readFileSync(join(folder, 'out', file)), { columns: true }) as Record<string, string>[]).map(
            ({ device, payload, published = '' }) => `${device} ${payload} ${Date.parse(published) - begin}`,
          );
        const found = {
          published: counts.published,
          responses: result.responseTimes.buckets,
          executions: result.executionTimes.buckets,
          timedOut: counts.timedOut,
          lost: list('lost.csv'),
          unanswered: list('unanswered.csv'),
          late: list('late.csv'),
        };
        assert.deepEqual(found, naive(payloads, window, bin));
        assert.deepEqual([counts.strays, counts.repeated, result.lines.repeated], [0, 0, 0]);
        assert.deepEqual(
          [counts.lost, counts.unanswered, counts.late, counts.received],
          [found.lost.length, found.unanswered.length, found.late.length, result.responseTimes.count],
        );
      },
    ),
    { numRuns: 60 },
  );
});
