import { constantPacing, type MqttMessage, MqttUser, type PlatformName, type Tasks } from 'katydid';

/** What is left empty was not given. */
const { env } = process;

/** The seconds that a variable says; `usual` if it says nothing. */
function secondsOf(name: string, usual: number): number {
  const seconds = Number(env[name] || usual);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new Error(`${name} is '${env[name]}'; seconds above 0 are expected, such as ${usual}`);
}

/** How long an echo is waited for. */
const echoSeconds = secondsOf('LTK_ECHO_TIMEOUT', 10);

/**
 * A device that sends payload after payload, one at a time, to an application that echoes each. The log tells when each
 * was published and received, for `katydid harvest`; entries are `MQTT connect`, `MQTT subscribe`, `MQTT publish`,
 * `echo receive`, `echo timeout`, `echo late`, and `echo unanswered` for what a stop has cut off.
 */
export class EchoDevice extends MqttUser {
  static host = 'mqtt://127.0.0.1:1883';
  static platform = (env.LTK_PLATFORM || 'gcp') as PlatformName;
  static platformValues = {
    project: env.LTK_TARGET_PROJECT_ID || 'my-project',
    region: env.LTK_TARGET_REGION || 'us-central1',
    registry: env.LTK_TARGET_REGISTRY_ID || 'my-registry',
    ...(env.LTK_TOKEN_LIFETIME ? { lifetime: env.LTK_TOKEN_LIFETIME } : {}),
    ...(env.KATYDID_TOKEN_SECRET ? { secret: env.KATYDID_TOKEN_SECRET } : {}),
  };
  static devices = env.LTK_DEVICE_LIST || 'devicelist.csv';
  static waitTime = constantPacing(secondsOf('LTK_PAYLOAD_INTERVAL', 1));
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
      // A long run with losses must not fill the memory.
      const [oldest = 0] = this.#missed.keys();
      if (this.#missed.size > 100) this.#missed.delete(oldest);
      this.tell('timeout', payload);
    }
    this.#awaited = undefined;
  }

  /** A stop without `--stop-timeout` cuts the wait for the last echo: if it comes within half a second, it still counts. */
  async onStop() {
    for (let look = 0; this.#awaited !== undefined && look < 10; look++) await this.sleep(0.05);
    if (this.#awaited === undefined) return;
    this.record('echo', 'unanswered', null, 0, 'no echo had come when the user ended');
    this.tell('unanswered', this.#awaited.payload);
  }

  /** An echo that no task waits for any more. */
  hear(message: MqttMessage) {
    const { length } = message.payload;
    const payload = this.payloadOf(message);
    if (payload === undefined) {
      return this.record('echo', 'wrong device', null, length, 'an echo for another device came');
    }
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

  /** The number in an echo; undefined if it is another device's. */
  payloadOf(message: MqttMessage): number | undefined {
    const { device, payload = 0 } = message.json<{ device?: string; payload?: number }>();
    return device === this.device.id ? payload : undefined;
  }

  /** A line of the log, for `katydid harvest`. */
  tell(what: 'publishing' | 'received' | 'timeout' | 'late' | 'unanswered', payload: number) {
    console.info(`${what} ${this.device.id} payload ${payload} at ${new Date().toISOString()}`);
  }
}
