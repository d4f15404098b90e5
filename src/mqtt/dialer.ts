import type { IPublishPacket } from 'mqtt';
import type { Device } from '../devices/device.ts';
import { DeviceLogin, type Login } from '../devices/login.ts';
import { StopUser } from '../errors.ts';
import type { User } from '../user/user.ts';
import { Connection, type ConnectionListener, type Ending, endingOf } from './connection.ts';
import { refusedText } from './failure.ts';
import { webSocket } from './library.ts';
import type { Naming } from './names.ts';
import type { Operation } from './operation.ts';
import type { MqttSettings } from './settings.ts';
import { openSocket } from './socket.ts';
import { Subscribing } from './subscribing.ts';
import type { Subscriptions } from './subscriptions.ts';
import { turns } from './turns.ts';

/** A user who has a connection. */
export interface ConnectedUser extends User, Naming {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Only if its class has devices. */
  readonly device: Device;
}

/** Opens connections of one user, one after the other, each with a login of its own. */
export class Dialer implements ConnectionListener {
  readonly #user: ConnectedUser;
  readonly #settings: MqttSettings;
  readonly #subscriptions: Subscriptions;
  readonly #listener: ConnectionListener;
  #login: DeviceLogin | undefined = undefined;
  /** That is being opened. */
  #connection: Connection | undefined = undefined;
  #isSessionPresent = false;
  /** Of the broker that was last dialled. */
  address = '';
  #resolve: (ending: Ending | undefined) => void = ignore;
  #reject: (thrown: unknown) => void = ignore;

  /** `subscriptions` are renewed with each connection; `listener`: of the connections, once they are open. */
  constructor(user: ConnectedUser, settings: MqttSettings, subscriptions: Subscriptions, listener: ConnectionListener) {
    this.#user = user;
    this.#settings = settings;
    this.#subscriptions = subscriptions;
    this.#listener = listener;
  }

  /** Its turn to log in: at the rate of its class, and alone in this turn of the event loop. */
  async turn(): Promise<void> {
    const { environment, life } = this.#user;
    await this.#settings.rateIn(environment)?.turn(life);
    await turns.next();
  }

  /** A fresh one; its token is minted now. Whatever else takes its time before the first packet is done as well. */
  login(): Login {
    const { isPlain, platform, values } = this.#settings;
    if (this.#settings.brokerOf(this.#user.host).webSocket !== undefined) webSocket();
    if (!isPlain) {
      this.#login ??= new DeviceLogin(platform, this.#user.device, values);
      return this.#login.next();
    }
    const { clientId, username, password } = this.#user;
    return {
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    };
  }

  /**
   * A connection with all its subscriptions; `operation`, whose clock has started, is counted. Undefined if it came to
   * nothing. Throws `StopUser` when cancelled.
   */
  async open(operation: Operation, login: Login): Promise<Connection | undefined> {
    const ending = await this.#dial(login);
    const connection = this.#connection;
    if (ending !== undefined || connection === undefined) {
      this.#connection = undefined;
      const { text = '', reasonCode = 0 } = ending ?? {};
      // A broker's own answer says that it is there.
      operation.fail(reasonCode === 0 ? `${text} (${this.address})` : text, reasonCode);
      return undefined;
    }
    const isKept = this.#settings.keepsSession(this.#isSessionPresent);
    const failure = isKept ? undefined : await this.#subscribe(connection);
    this.#connection = undefined;
    if (failure !== undefined) {
      connection.destroy();
      operation.fail(`subscriptions: ${failure}`);
      return undefined;
    }
    connection.handTo(this.#listener);
    operation.succeed(0);
    return connection;
  }

  /** To all topics of the user; what the first one that was refused failed with. */
  async #subscribe(connection: Connection): Promise<string | undefined> {
    const { all } = this.#subscriptions;
    if (all === undefined) return undefined;
    const answers = [...all].map(([topic, options]) => {
      const operation = new Subscribing(this.#user, '', topic, options);
      operation.begin(connection, this.#settings.timeout);
      return operation.answer;
    });
    const failed = (await Promise.all(answers)).find(({ ok }) => !ok);
    return failed?.failure;
  }

  #dial(login: Login): Promise<Ending | undefined> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      const device = this.#settings.devices === undefined ? undefined : this.#user.device;
      const way = this.#settings.wayTo(this.#user.host, device);
      this.address = way.broker.address;
      const options = this.#settings.clientOptions(login, device?.id ?? login.clientId);
      try {
        this.#connection = new Connection(options, () => openSocket(way), this);
      } catch (thrown) {
        resolve(endingOf(thrown));
      }
    });
  }

  /** The user has ended. */
  cancel(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#connection = undefined;
    connection.inFlight.endAll(undefined);
    connection.destroy();
    this.#reject(new StopUser());
  }

  onOpen(_connection: Connection, isSessionPresent: boolean): void {
    this.#isSessionPresent = isSessionPresent;
    this.#resolve(undefined);
  }

  onLost(connection: Connection, { text, reasonCode }: Ending): void {
    const isLate = text === 'connack timeout' || text === 'Opening handshake has timed out';
    if (isLate) this.#resolve({ text: connection.inFlight.lateText(this.#settings.timeout), reasonCode: 0 });
    else this.#resolve({ text: reasonCode === 0 ? text : refusedText(reasonCode), reasonCode });
    connection.inFlight.endAll(`connection lost: ${text}`);
  }

  onMessage(connection: Connection, topic: string, payload: Buffer, packet: IPublishPacket): void {
    this.#listener.onMessage(connection, topic, payload, packet);
  }
}

function ignore(): void {}
