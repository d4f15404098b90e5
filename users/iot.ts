import { constantPacing, type MqttMessage, MqttUser, type PlatformName, type Tasks } from 'katydid';

const { env } = process;

/** How long an echo is waited for, and the last one at the stop. Seconds. */
const echoSeconds = Number(env.LTK_ECHO_TIMEOUT ?? 10);

/**
 * A device that sends payload after payload, one at a time, to an application that echoes each. The log tells when each
 * was published and received, for `katydid harvest`; entries are `MQTT connect`, `MQTT subscribe`, `MQTT publish`,
 * `echo receive`, `echo timeout` and `echo late`.
 */
export class EchoDevice extends MqttUser {
  static host = 'mqtt://127.0.0.1:1883';
  static platform = (env.LTK_PLATFORM ?? 'gcp') as PlatformName;
  static platformValues = {
    project: env.LTK_TARGET_PROJECT_ID ?? 'my-project',
    region: env.LTK_TARGET_REGION ?? 'us-central1',
    registry: env.LTK_TARGET_REGISTRY_ID ?? 'my-registry',
    ...(env.LTK_TOKEN_LIFETIME === undefined ? {} : { lifetime: env.LTK_TOKEN_LIFETIME }),
    ...(env.KATYDID_TOKEN_SECRET === undefined ? {} : { secret: env.KATYDID_TOKEN_SECRET }),
  };
  static devices = env.LTK_DEVICE_LIST ?? 'devicelist.csv';
  static waitTime = constantPacing(Number(env.LTK_PAYLOAD_INTERVAL ?? 1));
  static tasks = { echo: 1 } satisfies Tasks<EchoDevice>;

  #sent = 0;
  /** The payload whose echo is waited for. */
  #awaited: { readonly payload: number; readonly sentAt: number } | undefined;
  /** When those payloads were published whose echo did not come in time. */
  readonly #missed = new Map<number, number>();

  override nameOf(kind: string): string {
    return kind;
  }

  async onStart() {
    await this.client.connect();
    this.client.onMessage((message) => this.hear(message));
    await this.client.subscribe(this.client.topics.commands);
  }

  async echo() {
    const payload = ++this.#sent;
    this.tell('publishing', payload);
    this.#awaited = { payload, sentAt: performance.now() };
    const text = JSON.stringify({ device: this.device.id, payload, sentAt: Date.now() });
    const { message, name } = await this.client.exchange(this.client.topics.events, text, {
      matches: (echo) => this.payloadOf(echo) === payload,
      timeout: echoSeconds,
      type: 'echo',
      name: 'receive',
      timeoutName: 'timeout',
    });
    if (message !== undefined) this.tell('received', payload);
    else if (name === 'timeout') {
      this.#missed.set(payload, this.#awaited.sentAt);
      this.tell('timeout', payload);
    }
    this.#awaited = undefined;
  }

  /** A stop without `--stop-timeout` cuts the wait for the last echo: if it comes within a second, it still counts. */
  async onStop() {
    for (let look = 0; this.#awaited !== undefined && look < 20; look++) await this.sleep(0.05);
  }

  /** An echo that no task waits for any more. */
  hear(message: MqttMessage) {
    const payload = this.payloadOf(message);
    const { length } = message.payload;
    if (payload === this.#awaited?.payload) {
      this.record('echo', 'receive', message.receivedAt - this.#awaited.sentAt, length);
      this.tell('received', payload);
      this.#awaited = undefined;
    }
    const sentAt = this.#missed.get(payload);
    if (sentAt === undefined) return;
    this.#missed.delete(payload);
    this.record('echo', 'late', message.receivedAt - sentAt, length);
    this.tell('late', payload);
  }

  /** The number in an echo; that of another device counts as a failure. */
  payloadOf(message: MqttMessage): number {
    const { device, payload } = message.json<{ device?: string; payload?: number }>();
    if (device === this.device.id) return payload ?? 0;
    this.record('echo', 'wrong device', null, message.payload.length, 'an echo for another device came');
    return 0;
  }

  /** A line of the log, for `katydid harvest`. */
  tell(what: 'publishing' | 'received' | 'timeout' | 'late', payload: number) {
    console.info(`${what} ${this.device.id} payload ${payload} at ${new Date().toISOString()}`);
  }
}
