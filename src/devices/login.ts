/** A token and its times, epoch milliseconds. */
export interface Token {
  readonly text: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When the next one should take its place: at 80 % of its life, less a random part of up to 10 %. */
  readonly renewAt: number;
}

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
