import type { Listener } from '../listener.ts';
import { applicationOf, type EchoApplication } from './application.ts';
import { DeviceBroker } from './broker.ts';
import { Counters } from './counters.ts';
import { type DoorName, door } from './doors.ts';
import { EventsTopic } from './events-topic.ts';
import { Guard, isOpen } from './guard.ts';
import type { EchoOptions, EchoRules } from './options.ts';
import { WatchedRegistry } from './watched-registry.ts';

/** Broker and application in this process. */
export class EmbeddedEcho {
  readonly counters: Counters = new Counters();
  readonly #options: EchoOptions;
  readonly #rules: EchoRules;
  readonly #application: EchoApplication;
  readonly #broker: DeviceBroker;
  readonly #doors: Listener[] = [];

  private constructor(options: EchoOptions, rules: EchoRules) {
    this.#options = options;
    this.#rules = rules;
    const { platform, values, skew } = rules;
    const { registry = 'deviceregistry.csv', username, password } = options;
    const devices = isOpen(platform) ? undefined : new WatchedRegistry(registry);
    const guard = new Guard({ platform, values, skew, username, password }, (id) => devices?.find(id));
    const events = new EventsTopic(platform, values);
    const application = applicationOf(options, rules, this.counters, (device, payload) =>
      this.#broker.answer(device, payload),
    );
    this.#application = application;
    this.#broker = new DeviceBroker(platform, guard, events, this.counters, (device, payload) =>
      application.receive(device, payload),
    );
  }

  static async start(options: EchoOptions, rules: EchoRules): Promise<EmbeddedEcho> {
    const echo = new EmbeddedEcho(options, rules);
    await echo.#broker.listen();
    return echo;
  }

  /** Opens a way in; resolves to the port, rejects if it is taken. */
  async open(name: DoorName, address: string, port: number): Promise<number> {
    const { tls } = this.#options;
    const way = door(name, (stream, request) => this.#broker.accept(stream, request), {
      ...tls,
      requestCert: tls?.ca !== undefined || this.#rules.platform.hasClientCertificate === true,
      // Without an authority the registry alone says whose key it is.
      rejectUnauthorized: tls?.ca !== undefined,
    });
    const taken = await way.listen(address, port);
    this.#doors.push(way);
    return taken;
  }

  async close(): Promise<void> {
    this.#application.close();
    await Promise.all(this.#doors.map((way) => way.close(0)));
    await this.#broker.close();
    this.counters.end();
  }
}
