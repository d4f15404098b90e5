import type { IPublishPacket } from 'mqtt';
import type { Login } from '../devices/login.ts';
import { StopUser } from '../errors.ts';
import { Pauses } from './back-off.ts';
import type { Connection, ConnectionListener, Ending } from './connection.ts';
import { type ConnectedUser, Dialer } from './dialer.ts';
import { isRefusedLogin } from './failure.ts';
import { Inbox } from './inbox.ts';
import type { MqttKind } from './names.ts';
import { Operation, stopped } from './operation.ts';
import { outages } from './outages.ts';
import { type Renewable, renewals } from './renewals.ts';
import type { MqttResponse } from './response.ts';
import type { MqttSettings } from './settings.ts';
import { Subscriptions } from './subscriptions.ts';
import { Tries } from './tries.ts';
import { WaitingRoom } from './waiting-room.ts';

/**
 * The connection of one user, again and again: made when first needed, with a fresh login each time, replaced before its
 * token ends, and made anew when it is lost. Operations wait while there is none.
 */
export class Link implements ConnectionListener, Renewable {
  readonly user: ConnectedUser;
  readonly settings: MqttSettings;
  readonly subscriptions: Subscriptions = new Subscriptions();
  readonly inbox: Inbox;
  renewAt = 0;
  readonly #dialer: Dialer;
  readonly #waiting: WaitingRoom = new WaitingRoom();
  readonly #tries: Tries;
  readonly #pauses: Pauses = new Pauses();
  /** Open, though perhaps about to be replaced. */
  #connection: Connection | undefined = undefined;
  /** The same, if it takes operations. */
  #ready: Connection | undefined = undefined;
  #opened: MqttResponse | undefined = undefined;
  #isListening = false;
  #isWanted = true;
  #wasLost = false;

  constructor(user: ConnectedUser, settings: MqttSettings) {
    this.user = user;
    this.settings = settings;
    this.inbox = new Inbox(user);
    this.#dialer = new Dialer(user, settings, this.subscriptions, this);
    this.#tries = new Tries(user, this.#waiting);
  }

  /** Until it has come about; without `reconnect`, or while the user is stopping, it is tried once. */
  connect(): Promise<MqttResponse> {
    if (this.user.life.isSilent) return stopped();
    if (this.#ready !== undefined && this.#opened !== undefined) return Promise.resolve(this.#opened);
    this.#isWanted = true;
    return this.#tries.run(this.#connect);
  }

  readonly #connect = (): Promise<MqttResponse> => this.#keepTrying(this.#wasLost ? 'reconnect' : 'connect', false);

  /** The hot path: begins it, or lets it wait for a connection. */
  run(operation: Operation): Promise<MqttResponse> {
    const { timeout } = this.settings;
    if (this.user.life.isSilent) operation.stop();
    else if (this.#ready !== undefined) operation.begin(this.#ready, timeout);
    else {
      this.#isWanted = true;
      this.#waiting.add(operation, timeout);
      if (!this.#tries.areRunning) this.#tries.runAside(this.#connect);
    }
    return operation.answer;
  }

  /** Counted as `disconnect`; what is in flight fails. */
  disconnect(): Promise<MqttResponse> {
    const operation = this.#begin('disconnect');
    void this.#disconnect(operation);
    return operation.answer;
  }

  async #disconnect(operation: Operation): Promise<void> {
    if (this.user.life.isSilent) return operation.stop();
    const connection = this.#connection;
    this.#isWanted = false;
    this.#wasLost = false;
    this.subscriptions.clear();
    this.#waiting.fail('the user has disconnected');
    if (connection === undefined) return operation.fail('not connected');
    this.#leave();
    connection.inFlight.endAll('the user has disconnected');
    await connection.close();
    if (this.user.life.isSilent) operation.stop();
    else operation.succeed(0);
  }

  async #keepTrying(kind: MqttKind, isDelayed: boolean): Promise<MqttResponse> {
    const { life } = this.user;
    const { backOff, platform } = this.settings;
    const isOnce = backOff === undefined || life.isStopping;
    let mayMintAgain = platform.token !== undefined;
    for (let isPause = isDelayed; ; ) {
      if (isPause && backOff !== undefined) await this.#pauses.wait(life, backOff);
      const attempt = await this.#attempt(kind);
      if (attempt.ok || isOnce || !this.#isWanted) return attempt;
      // A token may have been refused for the moment in which it was minted: one more at once, then the usual pauses.
      isPause = !(mayMintAgain && isRefusedLogin(attempt.reasonCode));
      if (!isPause) mayMintAgain = false;
    }
  }

  /** One try, counted once. The clock starts when there is a login. */
  async #attempt(kind: MqttKind): Promise<MqttResponse> {
    this.#listen();
    await this.#dialer.turn();
    if (this.user.life.isSilent) throw new StopUser();
    const operation = this.#begin(kind);
    if (!this.#isWanted) return this.#left(operation);
    const login = this.#dialer.login();
    operation.startedAt = performance.now();
    return this.#open(operation, login);
  }

  async #open(operation: Operation, login: Login): Promise<MqttResponse> {
    const connection = await this.#dialer.open(operation, login);
    if (connection === undefined) this.#waiting.trouble = operation.failure ?? '';
    else this.#use(connection, login, operation);
    return operation.answer;
  }

  #use(connection: Connection, { token }: Login, response: MqttResponse): void {
    if (!this.#isWanted) {
      this.#leave();
      return void connection.close();
    }
    this.#connection = connection;
    this.#ready = connection;
    this.#opened = response;
    this.#pauses.opened();
    outages.isBack(this);
    if (token !== undefined) {
      this.renewAt = token.renewAt;
      renewals.add(this);
    }
    this.#waiting.begin(connection, this.settings.timeout);
  }

  /** The token is about to end. */
  renew(): void {
    const connection = this.#ready;
    if (connection === undefined || this.user.life.isStopping) return;
    this.#tries.runAside(() => this.#renewal(connection));
  }

  /** What is in flight may end first, what begins meanwhile waits: neither fails for it. */
  async #renewal(connection: Connection): Promise<MqttResponse> {
    const milliseconds = this.settings.timeout * 1000;
    await this.#dialer.turn();
    this.#ready = undefined;
    await connection.inFlight.untilEmpty(milliseconds);
    this.#checkLife(connection);
    if (this.#connection !== connection) return this.#left(this.#begin('JWT refresh'));
    const login = this.#dialer.login();
    const operation = this.#begin('JWT refresh');
    if (this.settings.platform.renewal === 'authenticate') {
      const refused = await connection.reauthenticate(login, milliseconds);
      this.#checkLife(connection);
      if (this.#connection !== connection) return this.#left(operation);
      if (refused === undefined) {
        operation.succeed(0);
        this.#use(connection, login, operation);
        return operation.answer;
      }
      operation.fail(refused);
      this.#leave();
      connection.inFlight.endAll(`connection lost: ${refused}`);
      connection.destroy();
      return this.#keepTrying('reconnect', false);
    }
    this.#leave();
    connection.inFlight.endAll('connection closed, as its token ends');
    await connection.close();
    if (this.user.life.isSilent) throw new StopUser();
    const response = await this.#open(operation, login);
    return response.ok ? response : this.#keepTrying('reconnect', true);
  }

  /** The connection is lost, or the user has disconnected, meanwhile. */
  async #left(operation: Operation): Promise<MqttResponse> {
    if (this.#isWanted) return this.#keepTrying('reconnect', true);
    operation.giveUp('the user has disconnected');
    return operation;
  }

  /** `onStop` goes on with the connection as it is. */
  #checkLife(connection: Connection): void {
    if (!this.user.life.isSilent) return;
    if (this.#connection === connection && !connection.isClosed) this.#ready = connection;
    throw new StopUser();
  }

  #begin(kind: MqttKind): Operation {
    const operation = new Operation(this.user, this.user.nameOf(kind, 0, ''));
    operation.startedAt = performance.now();
    return operation;
  }

  onLost(connection: Connection, { text, reasonCode }: Ending): void {
    const failure = `connection lost: ${text}`;
    connection.inFlight.endAll(failure);
    this.#leave();
    this.#waiting.trouble = text;
    this.#wasLost = true;
    this.#pauses.lost();
    outages.lost(this, this.#dialer.address, text);
    // Locust's entry, too; the operations that were in flight have failed for themselves.
    this.#begin('disconnect').fail(failure, reasonCode);
    if (this.#tries.areRunning || this.settings.backOff === undefined || this.user.life.isStopping) return;
    this.#tries.runAside(() => this.#keepTrying('reconnect', true));
  }

  onMessage({ inFlight }: Connection, topic: string, payload: Buffer, packet: IPublishPacket): void {
    this.inbox.deliver(inFlight.exchanges, topic, payload, packet);
  }

  #leave(): void {
    this.#ready = undefined;
    this.#connection = undefined;
    renewals.delete(this);
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.user.signal.addEventListener('abort', this.#stop, { once: true });
    this.user.life.onOver(this.#end);
  }

  /** What is in flight ends. The connection stays: `onStop` may still use it. */
  readonly #stop = (): void => {
    this.#connection?.inFlight.endAll(undefined);
    this.#waiting.abandon(new StopUser());
    this.#dialer.cancel();
  };

  readonly #end = (): void => {
    this.#stop();
    const connection = this.#connection;
    this.#leave();
    void connection?.close();
  };
}
