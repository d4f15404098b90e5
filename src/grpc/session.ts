import type { Channel, Metadata } from '@grpc/grpc-js';
import type { User } from '../user/user.ts';
import type { Channels, Lease } from './channels.ts';
import { type MetadataValues, metadataOf } from './metadata.ts';
import { targetOf } from './target.ts';

/** A user who makes calls. */
export interface CallingUser extends User {
  metadata: MetadataValues | undefined;
  credentials?(): MetadataValues | Promise<MetadataValues>;
}

/** What the calls of all users of one class have in common. */
export interface CallSettings {
  /** Seconds until a call must have ended that does not say otherwise. */
  readonly deadline: number;
  readonly hasTls: boolean;
  readonly streamEntries: boolean;
  /** Of the class. */
  readonly values: MetadataValues | undefined;
  /** The same, made once. */
  readonly metadata: Metadata;
  readonly channels: Channels;
}

/** A call that has not ended. */
export interface InFlight {
  /** The user has ended. */
  stop(): void;
}

/** The calls of one user, and the channel that they are made on. */
export class GrpcSession {
  readonly user: CallingUser;
  readonly settings: CallSettings;
  readonly #calls = new Set<InFlight>();
  #lease: Lease | undefined = undefined;
  #isListening = false;
  #metadata: Metadata | undefined = undefined;
  #metadataOf: MetadataValues | undefined = undefined;

  constructor(user: CallingUser, settings: CallSettings) {
    this.user = user;
    this.settings = settings;
  }

  /** The channel on which `call` is made, from now on in flight. */
  begin(call: InFlight): Channel {
    this.#lease ??= this.settings.channels.take(targetOf(this.user.host, this.settings.hasTls));
    this.#calls.add(call);
    return this.#lease.channel;
  }

  end(call: InFlight): void {
    this.#calls.delete(call);
  }

  /** What is sent with a call, `own` and `fresh` included. */
  metadata(own?: MetadataValues, fresh?: MetadataValues): Metadata {
    const { values, metadata } = this.settings;
    const ofUser = this.user.metadata;
    if (own !== undefined || fresh !== undefined) return metadataOf(values, ofUser, fresh, own);
    if (ofUser === undefined) return metadata;
    if (this.#metadata === undefined || this.#metadataOf !== ofUser) {
      this.#metadata = metadataOf(values, ofUser);
      this.#metadataOf = ofUser;
    }
    return this.#metadata;
  }

  /**
   * Whether the user's end was ordered, which ends its calls. The signal is listened to once; `onStop` after an abort
   * comes with another.
   */
  get isStopped(): boolean {
    if (this.#isListening) return false;
    const { signal } = this.user;
    if (signal.aborted) return true;
    this.#isListening = true;
    signal.addEventListener('abort', this.#stop, { once: true });
    return false;
  }

  /** Closes the connection once the calls on it have ended; the next call opens another. */
  close(): void {
    const lease = this.#lease;
    this.#lease = undefined;
    if (lease !== undefined) this.settings.channels.give(lease);
  }

  readonly #stop = (): void => {
    this.#isListening = false;
    for (const call of [...this.#calls]) call.stop();
    this.#calls.clear();
    this.close();
  };
}
