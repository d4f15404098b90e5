import { createHash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { DevicePlatform } from '../../devices/platform.ts';
import { namesIn, type TemplateValues } from '../../devices/template.ts';
import { bindingOf } from './binding.ts';
import { quoted, Refusal } from './refusal.ts';
import { checkToken, secretKey, type VerifyingKey } from './token-check.ts';
import type { KnownDevice } from './watched-registry.ts';

/** What a device says of itself with its CONNECT, and its TLS handshake. */
export interface Credentials {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly authenticationMethod?: string | undefined;
  readonly authenticationData?: string | undefined;
  /** The public key of its client certificate. */
  readonly certificateKey?: KeyObject | undefined;
}

/** A device that was let in. */
export interface Admission {
  readonly device: string;
  /** What the platform's templates mean for it. */
  readonly values: TemplateValues;
  /** Epoch milliseconds: its connection ends then; undefined if never. */
  readonly endsAt: number | undefined;
}

/** What the guard goes by. */
export interface GuardRules {
  readonly platform: DevicePlatform;
  /** `project` and the like, where only this one is right; what is not said may be anything. `secret` for HS256. */
  readonly values: TemplateValues;
  /** Seconds that the clocks of device and broker may differ. */
  readonly skew: number;
  /** Asked for where the platform knows nothing else (`plain`); anybody is let in if not given. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Whether a platform asks who it is at all. */
export function isOpen({ token, hasClientCertificate, username }: DevicePlatform): boolean {
  return token === undefined && hasClientCertificate !== true && username === undefined;
}

/** Lets devices in by the rules of their platform. */
export class Guard {
  readonly #rules: GuardRules;
  readonly #values: TemplateValues;
  readonly #secret: VerifyingKey | undefined;
  readonly #find: (id: string) => KnownDevice | undefined;

  /** `find` looks a device up in the registry. */
  constructor(rules: GuardRules, find: (id: string) => KnownDevice | undefined) {
    const { secret, ...values } = rules.values;
    this.#rules = rules;
    this.#values = values;
    this.#secret = secret === undefined ? undefined : secretKey(secret);
    this.#find = find;
  }

  /** Throws `Refusal`. */
  admit(credentials: Credentials): Admission {
    const { platform } = this.#rules;
    checkMethod(platform, credentials);
    if (isOpen(platform)) return this.#admitAnybody(credentials);
    const values = bindingOf(platform.clientId, credentials.clientId, this.#values);
    const id = values?.device;
    if (values === undefined || id === undefined) {
      throw new Refusal('client id', `a client id like ${platform.clientId} is expected`);
    }
    const device = this.#find(id);
    if (device === undefined) throw new Refusal('unknown device', `the registry has no device ${quoted(id)}`);
    if (platform.hasClientCertificate === true) checkCertificate(device, credentials);
    const bound = shown(platform, credentials, values);
    return { device: id, values: bound.values, endsAt: this.#checkToken(bound.token, device, bound.values) };
  }

  /** A fresh token of a device that is in already (MQTT 5 AUTH). */
  renew(admission: Admission, token: string): Admission {
    const device = this.#find(admission.device);
    if (device === undefined) throw new Refusal('unknown device', 'the registry has it no more');
    return { ...admission, endsAt: this.#checkToken(token, device, admission.values) };
  }

  #checkToken(token: string | undefined, device: KnownDevice, values: TemplateValues): number | undefined {
    const rules = this.#rules.platform.token;
    if (rules === undefined) return undefined;
    if (token === undefined || token === '') throw new Refusal('no token', 'it shows no token');
    const { algorithm = this.#secret?.algorithm ?? device.algorithm } = rules;
    const key = algorithm === 'HS256' ? this.#secret?.key : device.key;
    if (key === undefined) throw new Refusal('algorithm', 'HS256 needs a secret, and the broker was given none');
    const expiresAt = checkToken(token, { algorithm, key }, rules, values, this.#rules.skew);
    return expiresAt === undefined ? undefined : expiresAt + this.#rules.skew * 1000;
  }

  #admitAnybody({ clientId, username, password }: Credentials): Admission {
    for (const part of ['username', 'password'] as const) {
      const wanted = this.#rules[part];
      if (wanted !== undefined && !isSame(wanted, (part === 'username' ? username : password) ?? '')) {
        throw new Refusal(part, `its ${part} is wrong`);
      }
    }
    return { device: clientId, values: { ...this.#values, device: clientId }, endsAt: undefined };
  }
}

/** What user name, password or authentication data show, held against what the client id says. */
function shown(
  platform: DevicePlatform,
  credentials: Credentials,
  values: TemplateValues,
): { readonly values: TemplateValues; readonly token: string | undefined } {
  let bound = values;
  for (const part of ['username', 'password'] as const) {
    const template = platform[part];
    if (template === undefined) continue;
    const given = credentials[part] ?? '';
    if (given === '') {
      if (template.includes('{token}')) throw new Refusal('no token', `it shows no token: its ${part} is empty`);
      throw new Refusal(part, `its ${part} is empty`);
    }
    // A fixed text says nothing: Google's `unused` may be anything.
    if (namesIn(template).length === 0) continue;
    const found = template === '{token}' ? { ...bound, token: given } : bindingOf(template, given, bound);
    if (found === undefined) throw new Refusal(part, `its ${part} is not what the client id says: ${template}`);
    bound = found;
  }
  const { token, ...rest } = bound;
  return { values: rest, token: credentials.authenticationData ?? token };
}

/** A method that the server does not have is an error, even if it would not ask for one (MQTT 5, 4.12). */
function checkMethod(
  { authenticationMethod: wanted }: DevicePlatform,
  { authenticationMethod: given }: Credentials,
): void {
  if (given === wanted) return;
  throw new Refusal(
    'authentication method',
    `its authentication method is ${quoted(given ?? 'none')}, not ${wanted ?? 'none'}`,
  );
}

/** The handshake has proved that it has the private key; the registry says whose that is. */
function checkCertificate({ key }: KnownDevice, { certificateKey }: Credentials): void {
  if (certificateKey === undefined) throw new Refusal('certificate', 'it shows no client certificate');
  if (certificateKey.equals(key)) return;
  throw new Refusal('certificate', "the key of its client certificate is not the registry's");
}

function isSame(wanted: string, given: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(wanted), hash(given));
}
