import { MqttUser, type Qos, type Tasks } from 'katydid';

const qos = Number(process.env.BENCH_QOS ?? 0) as Qos;
// As payload.ts of the peers.
const text = JSON.stringify({
  text: 'The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features',
  lang: 'en',
  top_k: 3,
  explain: false,
});
/** Nothing else comes to a user's topic. */
const options = { qos, matches: () => true };

/** Publishes to its own topic and waits until the message comes back, without a pause. */
export class Visitor extends MqttUser {
  static tasks = { visit: 1 } satisfies Tasks<Visitor>;
  readonly #topic = `bench/${this.clientId}`;

  async onStart() {
    await this.client.subscribe(this.#topic, { qos });
  }

  async visit() {
    await this.client.exchange(this.#topic, text, options);
  }
}
