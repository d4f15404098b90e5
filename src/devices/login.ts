import type { Device } from './device.ts';
import type { DevicePlatform, DeviceTopics, TokenRules } from './platform.ts';
import { lifetimeOf } from './platform-check.ts';
import { fillIn, type TemplateValues } from './template.ts';
import { mintToken, type SigningKey, secretKeyOf, signingKeyOf, type Token, type TokenContent } from './token.ts';

/** What a device says of itself with one CONNECT. */
export interface Login {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** MQTT 5 enhanced authentication. */
  readonly authenticationMethod?: string;
  readonly authenticationData?: Uint8Array;
  /** The token in it, if there is one. */
  readonly token?: Token;
}

/**
 * How one device logs in to one platform, time after time. Its key is parsed once, here; a fresh token is minted for each
 * login, so that no connection is tried again with an old one. Nothing secret shows when it is printed.
 *
 * Throws `UsageError` for a key that the platform's algorithm cannot use, and for a value that is missing.
 *
 * @example
 * const login = new DeviceLogin(platformOf('gcp'), device, { project: 'p', region: 'r', registry: 'g' });
 * const { clientId, username, password, token } = login.next();
 */
export class DeviceLogin {
  readonly clientId: string;
  readonly #platform: DevicePlatform;
  readonly #values: TemplateValues;
  readonly #signing: { readonly key: SigningKey; readonly content: TokenContent } | undefined;
  readonly #random: () => number;

  constructor(
    platform: DevicePlatform,
    device: Pick<Device, 'id' | 'privateKey'>,
    values: TemplateValues,
    random: () => number = Math.random,
  ) {
    this.#platform = platform;
    this.#values = { ...values, device: device.id };
    this.#random = random;
    this.clientId = fillIn(platform.clientId, this.#values);
    const { token } = platform;
    if (token !== undefined) {
      this.#signing = { key: keyOf(device, token, values.secret), content: contentOf(token, this.#values) };
    }
  }

  /** Where this device publishes and what it subscribes to. */
  get topics(): DeviceTopics {
    const filled = Object.entries(this.#platform.topics).map(([name, topic]) => [name, fillIn(topic, this.#values)]);
    return Object.fromEntries(filled) as DeviceTopics;
  }

  /** What it says with its next CONNECT, with a token of this moment. `now` is epoch ms. */
  next(now: number = Date.now()): Login {
    const { username, password, authenticationMethod } = this.#platform;
    const token = this.#signing && mintToken(this.#signing.key, this.#signing.content, now, this.#random());
    const values = token === undefined ? this.#values : { ...this.#values, token: token.text };
    return {
      clientId: this.clientId,
      ...(username === undefined ? {} : { username: fillIn(username, values) }),
      ...(password === undefined ? {} : { password: fillIn(password, values) }),
      ...(authenticationMethod === undefined ? {} : { authenticationMethod }),
      ...(authenticationMethod === undefined || token === undefined
        ? {}
        : { authenticationData: Buffer.from(token.text) }),
      ...(token === undefined ? {} : { token }),
    };
  }
}

function keyOf({ id, privateKey }: Pick<Device, 'id' | 'privateKey'>, rules: TokenRules, secret?: string): SigningKey {
  // An empty one was not given: a variable of the environment that was left empty.
  const { algorithm = secret ? 'HS256' : undefined } = rules;
  return algorithm === 'HS256' ? secretKeyOf(id, secret ?? '') : signingKeyOf(id, privateKey, algorithm);
}

function contentOf(rules: TokenRules, values: TemplateValues): TokenContent {
  const fill = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : fillIn(text, values);
  return {
    audience: fill(rules.audience),
    issuer: fill(rules.issuer),
    subject: fill(rules.subject),
    keyId: fill(rules.keyId),
    claims: rules.claims && (fillAll(rules.claims, values) as Record<string, unknown>),
    lifetime: lifetimeOf(rules, values),
  };
}

/** Texts in lists and objects, too: `acl: [{ permission: 'allow', topic: 'devices/{device}/#' }]`. */
function fillAll(value: unknown, values: TemplateValues): unknown {
  if (typeof value === 'string') return fillIn(value, values);
  if (Array.isArray(value)) return value.map((each) => fillAll(each, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fillAll(each, values)]));
}
