// A reporter of node:test: names at the end what failed, where a log's last lines are all that is read, and writes
// their files into $KATYDID_FAILED, a line each; where KATYDID_REQUIRE_ALL=1 is set, a skipped test is a failure of
// the whole run. Plain JavaScript, because Node loads reporters before tsx.
import { appendFileSync } from 'node:fs';

/** A test that failed because one within it did: the inner one says why. */
const bySubtest = (data) => data.details.error?.failureType === 'subtestsFailed';

/** One failed test: its name, where it stands and the first lines of what went wrong. */
function told({ name, file, line, details: { error } }) {
  const why = error?.cause?.stack ?? error?.cause ?? error;
  return `not ok: ${name} (${file}:${line})\n${String(why).split('\n').slice(0, 30).join('\n')}\n`;
}

/** Keeps the file of a test that did not pass, for whoever runs it again. */
function note({ file }) {
  if (process.env.KATYDID_FAILED) appendFileSync(process.env.KATYDID_FAILED, `${file}\n`);
}

/**
 * Names each skipped test, lets the run fail for it, and tells of all failed ones when the run has ended.
 *
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} source
 */
export default async function* verdict(source) {
  const failed = [];
  for await (const { type, data } of source) {
    if (type === 'test:fail' && !bySubtest(data)) {
      failed.push(told(data));
      note(data);
    }
    if (type !== 'test:pass' || !data.skip || process.env.KATYDID_REQUIRE_ALL !== '1') continue;
    note(data);
    process.exitCode = 1;
    yield `not ok: skipped, although KATYDID_REQUIRE_ALL=1: ${data.name}\n`;
  }
  yield failed.join('\n');
}
