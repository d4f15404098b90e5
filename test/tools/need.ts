import type { TestContext } from 'node:test';

/**
 * What a test needs from outside the project. Without it the test says so and is skipped, but where
 * `KATYDID_REQUIRE_ALL=1` is set (the project's own CI) it fails: nothing goes untested unseen.
 *
 * @example const locust = await need(t, () => findLocust('2.47.0')); if (!locust) return;
 */
export async function need<T>(t: TestContext, find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (process.env.KATYDID_REQUIRE_ALL === '1') throw error;
    t.skip(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
