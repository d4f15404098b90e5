import { constant, MqttUser, type PlatformName, type Tasks } from 'katydid';

const { env } = process;
/** All users of a run are there. */
const wanted = Number(env.BENCH_DEVICES ?? 0);
let subscribed = 0;

/** A device that logs in with a token of its own, subscribes to its commands, and waits. */
export class Visitor extends MqttUser {
  static platform = (env.BENCH_PLATFORM ?? 'plain') as PlatformName;
  static platformValues = { project: 'p', region: 'r', registry: 'g' };
  static devices = env.BENCH_DEVICE_LIST;
  static waitTime = constant(10_000);
  static tasks = { idle: 1 } satisfies Tasks<Visitor>;

  async onStart() {
    await this.client.connect();
    const { ok } = await this.client.subscribe(this.client.topics.commands);
    // biome-ignore lint/suspicious/noConsole: the bench reads it
    if (ok && ++subscribed === wanted) console.info(`${wanted} devices are there`);
  }

  async idle() {}
}
