// Lets user code believe that it runs in some thread of some worker, for one test.
import type { TestContext } from 'node:test';
import type { Share } from '../../src/user/environment.ts';
import { type Place, setPlace } from '../../src/user/place.ts';

export interface PlaceOptions extends Partial<Pick<Place, 'kind' | 'folders'>> {
  /** Index and number. */
  readonly worker?: readonly [number, number];
  readonly thread?: readonly [number, number];
  readonly origin?: Share['origin'];
}

export function atPlace(
  t: Pick<TestContext, 'after'>,
  { worker = [0, 1], thread = [0, 1], kind = 'worker', folders = [], origin }: PlaceOptions,
): void {
  const shard = { index: worker[0] * thread[1] + thread[0], count: worker[1] * thread[1] };
  setPlace({
    kind,
    folders,
    thread: { index: thread[0], count: thread[1] },
    shard: origin === undefined ? shard : { ...shard, origin },
  });
  t.after(() => setPlace());
}
