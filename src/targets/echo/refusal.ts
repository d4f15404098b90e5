import { type ReasonCode, reasonCode } from './mqtt5-packets.ts';

/** Why a device is not let in, or not let on: counted by this word. */
export type Reason =
  | 'client id'
  | 'unknown device'
  | 'username'
  | 'password'
  | 'certificate'
  | 'authentication method'
  | 'no token'
  | 'malformed token'
  | 'algorithm'
  | 'signature'
  | 'audience'
  | 'issuer'
  | 'subject'
  | 'claims'
  | 'issued at'
  | 'expired'
  | 'lifetime';

/** A device that is not let in. Its text is for the log: nothing of a token, a password or a key is in it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: Reason;

  constructor(reason: Reason, text: string) {
    super(text);
    this.reason = reason;
  }

  /** What CONNACK says (MQTT 3.1.1): 4 where nothing was shown that could be judged, else 5. */
  get returnCode(): 4 | 5 {
    return this.reason === 'no token' || this.reason === 'username' || this.reason === 'password' ? 4 : 5;
  }

  /** The same in MQTT 5. */
  get reasonCode(): ReasonCode {
    if (this.reason === 'authentication method') return reasonCode.badAuthenticationMethod;
    return this.returnCode === 4 ? reasonCode.badLogin : reasonCode.notAuthorized;
  }
}

/** A text of the device for the log: one line, not without end. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
