import type { Channel, ChannelCredentials, ChannelOptions } from '@grpc/grpc-js';
import { grpc } from './library.ts';
import type { Target } from './target.ts';

/**
 * Who shares a connection: `'per-user'`, each user has its own, as with Locust's HTTP users; `'shared'`, all users of the
 * class in one load thread have one; `{ pool: n }`, they have n, which are dealt out evenly.
 */
export type ChannelPolicy = 'per-user' | 'shared' | { readonly pool: number };

/** How a channel is opened. */
export interface ChannelOpener {
  readonly policy: ChannelPolicy;
  credentials(isSecure: boolean): ChannelCredentials;
  options(target: Target): ChannelOptions;
}

/** A channel in the hands of one user, or of several. */
export interface Lease {
  readonly channel: Channel;
  users: number;
}

/** The channels of one class in one load thread. They connect at the first call and are closed by the last user. */
export class Channels {
  readonly #opener: ChannelOpener;
  /** How many are shared; 0 if each user has its own. */
  readonly #size: number;
  readonly #shared = new Map<string, Lease[]>();

  constructor(opener: ChannelOpener) {
    const { policy } = opener;
    this.#opener = opener;
    this.#size = policy === 'per-user' ? 0 : policy === 'shared' ? 1 : policy.pool;
  }

  take(target: Target): Lease {
    if (this.#size === 0) return this.#open(target);
    const key = `${target.isSecure ? 's' : ''} ${target.address}`;
    const leases = this.#shared.get(key) ?? [];
    this.#shared.set(key, leases);
    if (leases.length < this.#size) {
      const lease = this.#open(target);
      leases.push(lease);
      return lease;
    }
    const lease = leases.reduce((least, other) => (other.users < least.users ? other : least));
    lease.users++;
    return lease;
  }

  /** One user less; the last one closes it. Its calls must have ended. */
  give(lease: Lease): void {
    if (--lease.users > 0) return;
    for (const leases of this.#shared.values()) {
      const at = leases.indexOf(lease);
      if (at >= 0) leases.splice(at, 1);
    }
    lease.channel.close();
  }

  #open(target: Target): Lease {
    const { Channel } = grpc();
    const channel = new Channel(
      target.address,
      this.#opener.credentials(target.isSecure),
      this.#opener.options(target),
    );
    return { channel, users: 1 };
  }
}
