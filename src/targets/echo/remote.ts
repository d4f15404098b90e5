import type { Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { UsageError } from '../../errors.ts';
import { log } from '../../log.ts';
import { backOff } from '../../mqtt/back-off.ts';
import { applicationOf, type EchoApplication } from './application.ts';
import { Counters } from './counters.ts';
import { EventsTopic } from './events-topic.ts';
import type { EchoOptions, EchoRules } from './options.ts';
import { answerTopic } from './rights.ts';

/** Between two attempts to reach the broker, in seconds. */
const pauses = { first: 1, max: 30 };
const again = 'it is tried again after 1, 2, 4 … 30 s';
/** Acknowledged, so that nothing is lost that the loss rule did not drop. */
const qos = 1;

/** The application alone, as a client of another broker. */
export class RemoteEcho {
  readonly counters: Counters = new Counters();
  readonly #url: string;
  readonly #filter: string;
  readonly #client: MqttClient;
  readonly #application: EchoApplication;
  #complaint = '';
  /** Why the last attempt came to nothing. */
  #trouble = '';
  #attempts = 0;
  #isSubscribed = false;

  private constructor(url: string, options: EchoOptions, rules: EchoRules) {
    const { platform, values } = rules;
    const events = new EventsTopic(platform, values);
    this.#url = withoutSecrets(url);
    this.#filter = events.filter ?? '';
    let number = 0;
    this.#application = applicationOf(options, rules, this.counters, async (device, payload) => {
      await this.#client.publishAsync(answerTopic(platform, { device }, ++number), payload, { qos });
    });
    const { username, password, tls } = options;
    this.#client = mqtt.connect(url, {
      clientId: `katydid-echo-${process.pid}-${Date.now().toString(36)}`,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...tls,
      protocolVersion: 4,
      reconnectPeriod: pauses.first * 1000,
      reconnectOnConnackError: true,
      // Done anew at each connection, where a refusal is told of.
      resubscribe: false,
      // What was not answered when the broker went away is late anyway.
      queueQoSZero: false,
    });
    this.#client.on('message', (topic, payload) => {
      const device = events.deviceOf(topic);
      if (device !== undefined) this.#application.receive(device, payload);
    });
    this.#client.on('close', () => {
      const why = this.#trouble === '' ? '' : `: ${this.#trouble}`;
      const what = this.#isSubscribed ? `the connection to ${this.#url} is lost` : `${this.#url} cannot be reached`;
      this.#complain(`${what}${why}; ${again}`);
      this.#isSubscribed = false;
      this.#trouble = '';
      // The pause that has begun is the one before.
      this.#pauseAfter(++this.#attempts);
    });
  }

  #pauseAfter(attempts: number): void {
    this.#client.options.reconnectPeriod = backOff(pauses, attempts, 0) * 1000;
  }

  /** Resolves when the first subscription is made. A broker that is not there is waited for, one that refuses is an error. */
  static async start(url: string, options: EchoOptions, rules: EchoRules): Promise<RemoteEcho> {
    const echo = new RemoteEcho(url, options, rules);
    try {
      await echo.#started();
    } catch (thrown) {
      await echo.close();
      throw thrown;
    }
    return echo;
  }

  async close(): Promise<void> {
    this.#application.close();
    this.#client.removeAllListeners('close');
    await this.#client.endAsync(!this.#client.connected);
    this.counters.end();
  }

  #started(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.on('connect', () => {
        // Without it each small packet waits for the acknowledgement of the one before it, 40 ms.
        (this.#client.stream as unknown as Partial<Socket>).setNoDelay?.(true);
        this.#subscribe().then(
          (isDone) => isDone && resolve(),
          (thrown: Error) => {
            // Who has started it waits for that no more: it would be deaf, and nobody would know.
            if (this.counters.connects > 0) this.#complain(thrown.message);
            reject(thrown);
          },
        );
      });
      this.#client.on('error', (error: Error & { readonly code?: unknown }) => {
        // A number is the broker's own answer: it does not change by asking again.
        if (typeof error.code === 'number') {
          reject(new UsageError(`${this.#url}: ${error.message}; KATYDID_MQTT_USERNAME and _PASSWORD say who it is`));
        }
        this.#trouble = error.message || String(error.code);
      });
    });
  }

  /** Whether it could; done anew with the next connection if this one was lost meanwhile. */
  async #subscribe(): Promise<boolean> {
    const granted = await this.#client.subscribeAsync(this.#filter, { qos }).catch((error: Error) => error);
    if (granted instanceof Error && !this.#client.connected) return false;
    if (granted instanceof Error || granted.some((each) => each.qos === 128)) {
      throw new UsageError(`${this.#url} lets the application not subscribe to ${this.#filter}`);
    }
    this.#complaint = '';
    this.#isSubscribed = true;
    this.#attempts = 0;
    this.#pauseAfter(0);
    this.counters.connects++;
    log.info(`the echo application is connected to ${this.#url} and subscribed to ${this.#filter}`);
    return true;
  }

  /** The same is said once only. */
  #complain(text: string): void {
    if (text === this.#complaint) return;
    this.#complaint = text;
    log.warning(text);
  }
}

/** For the log. */
function withoutSecrets(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}
