import type { Algorithm } from './device.ts';

/** What a token says, and for how long. Texts are templates: `{device}`, `{project}` and the like are filled in. */
export interface TokenRules {
  /** If not given: HS256 where the values have a `secret`, else what the device's key is for. */
  readonly algorithm?: Algorithm;
  readonly audience?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly keyId?: string;
  /** Seconds from its minting to its end; 3600 if not given. The value `lifetime` of the user class wins. */
  readonly lifetime?: number;
  /** Seconds: the platform lets no token in that lives longer. */
  readonly maxLifetime?: number;
  /** Further claims; texts in them are templates too. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/**
 * How a platform lets devices in. Texts are templates: `{device}` is the device's id, `{token}` a fresh token, and what
 * else stands in braces comes from the values of the user class (`{project}`, `{region}`, `{registry}`). Two values are
 * no gaps in a text: `secret`, with which HS256 signs, and `lifetime`, the seconds that a token lives.
 */
export interface DevicePlatform {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** MQTT 5 enhanced authentication: the token is its data. */
  readonly authenticationMethod?: string;
  /** Absent where a device is known by something else than a token. */
  readonly token?: TokenRules;
  /** The key and certificate of the device identify it in the TLS handshake. */
  readonly hasClientCertificate?: boolean;
  /** How an expiring token is replaced: a new connection, or an AUTH packet on the same one (MQTT 5). */
  readonly renewal: 'reconnect' | 'authenticate';
  /** Which versions of MQTT it speaks (4 is 3.1.1), the usual one first. */
  readonly protocolVersions: readonly (4 | 5)[];
  readonly maxQos: 0 | 1 | 2;
  /** Seconds. */
  readonly keepalive: number;
  /** Topic templates; `commands` may end in a wildcard. */
  readonly topics: DeviceTopics;
}

/** Where a device publishes (`events`, `state`) and what it subscribes to (`config`, `commands`). */
export interface DeviceTopics {
  readonly events: string;
  readonly state?: string;
  readonly config?: string;
  readonly commands: string;
}
