import { StopUser, toError } from '../errors.ts';
import { events } from '../user/events.ts';
import type { User } from '../user/user.ts';
import type { MqttResponse } from './response.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** The tries of one user to connect: one promise for all who wait for a connection. */
export class Tries {
  readonly #user: User;
  readonly #waiting: WaitingRoom;
  #running: Promise<MqttResponse> | undefined = undefined;
  /** Whether operations waited for those that threw last. */
  #isHeard = false;

  /** `waiting`: the operations that fail, or throw, with them. */
  constructor(user: User, waiting: WaitingRoom) {
    this.#user = user;
    this.#waiting = waiting;
  }

  get areRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Those that are running, or these. */
  run(tries: () => Promise<MqttResponse>): Promise<MqttResponse> {
    if (this.#running === undefined) {
      this.#running = this.#settle(tries());
      // Nobody may be waiting for them: that is no unhandled rejection.
      this.#running.catch(ignore);
    }
    return this.#running;
  }

  /** Nobody waits for them but perhaps operations, which throw what they throw. */
  runAside(tries: () => Promise<MqttResponse>): void {
    const user = this.#user;
    this.run(tries).catch((thrown: unknown) => {
      if (this.#isHeard || thrown instanceof StopUser || user.life.isSilent) return;
      events.userError.fire({ user, exception: toError(thrown) });
    });
  }

  async #settle(tries: Promise<MqttResponse>): Promise<MqttResponse> {
    try {
      const response = await tries;
      this.#running = undefined;
      if (!response.ok) this.#waiting.fail(response.failure);
      return response;
    } catch (thrown) {
      this.#running = undefined;
      this.#isHeard = !this.#waiting.isEmpty;
      this.#waiting.abandon(thrown);
      throw thrown;
    }
  }
}

function ignore(): void {}
