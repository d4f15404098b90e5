// A pool with real threads, and all that it told.
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type LogRecord, setLogSink } from '../../src/log.ts';
import { emptySnapshot, type StatsSnapshot } from '../../src/stats/snapshot.ts';
import './threads-from-source.ts';
import { mergeStats } from '../../src/stats/sum.ts';
import { Pool, type PoolSettings } from '../../src/swarm/pool.ts';
import type { TestSettings } from '../../src/swarm/port.ts';
import { until } from '../e2e/until.ts';
import { options } from './options.ts';
import { userFolder } from './user-folder.ts';

/** A test without a host of the master, whose tasks are ended at once. */
export const settings: TestSettings = { host: null, stopTimeout: 0, parsedOptions: options };

/** What a pool told its listener and the log. */
export class Heard {
  readonly exceptions: { readonly message: string; readonly traceback: string }[] = [];
  readonly messages: { readonly type: string; readonly data: unknown }[] = [];
  readonly hopeless: string[] = [];
  readonly log: LogRecord[] = [];
  quits = 0;

  /** The texts of the log at one level. */
  texts(level: LogRecord['level']): string[] {
    return this.log.filter((record) => record.level === level).map(({ text }) => text);
  }
  /** The data of all messages of one type. */
  data(type: string): unknown[] {
    return this.messages.filter((message) => message.type === type).map(({ data }) => data);
  }
}

export interface PoolUnderTest {
  readonly pool: Pool;
  readonly heard: Heard;
  /** Brings the users of these classes to these numbers. */
  resize(counts: Record<string, number>, test?: Partial<TestSettings>, isNewTest?: boolean): Promise<void>;
  /** Waits until everything measured since the start of the pool is as wanted; returns it. */
  measured(is: (stats: StatsSnapshot) => boolean): Promise<StatsSnapshot>;
}

/** Starts a pool on `users.ts` with this text; it is ended after the test. */
export async function startPool(
  t: TestContext,
  text: string,
  given: Partial<PoolSettings> = {},
): Promise<PoolUnderTest> {
  const heard = new Heard();
  setLogSink((record) => heard.log.push(record));
  const folder = await userFolder(t, { 'users.ts': text });
  const pool = await Pool.start(
    {
      files: [join(folder, 'users.ts')],
      threads: 1,
      clientId: 'tested_0123',
      kind: 'worker',
      logLevel: 'INFO',
      shard: { index: 0, count: 1 },
      userClasses: [],
      ...given,
    },
    {
      onException: (message, traceback) => heard.exceptions.push({ message, traceback }),
      onMessage: (type, data) => heard.messages.push({ type, data }),
      onQuit: () => heard.quits++,
      onHopeless: (reason) => heard.hopeless.push(reason),
    },
  );
  t.after(() => pool.end(0));
  await pool.init(options);
  let all = emptySnapshot(Date.now() / 1000);
  return {
    pool,
    heard,
    resize: (counts, test = {}, isNewTest = true) =>
      pool.resize(new Map(Object.entries(counts)), { ...settings, ...test }, isNewTest),
    async measured(is) {
      await until('what was measured is as wanted', async () => {
        await pool.report();
        all = mergeStats(all, pool.takeStats());
        return is(all);
      });
      return all;
    },
  };
}
