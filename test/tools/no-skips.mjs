// A reporter of node:test: where KATYDID_REQUIRE_ALL=1 is set, a skipped test is a failure of the whole run.
// Plain JavaScript, because Node loads reporters before tsx.

/**
 * Names each skipped test, and lets the run fail for it.
 *
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} source
 */
export default async function* noSkips(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' || !data.skip || process.env.KATYDID_REQUIRE_ALL !== '1') continue;
    process.exitCode = 1;
    yield `not ok: skipped, although KATYDID_REQUIRE_ALL=1: ${data.name}\n`;
  }
}
