// Devices: their keys and tokens, the list and the registries that hold them, and how each platform logs them in.

/** How a token is signed (RFC 7518): with a P-256 key, an RSA key, or a secret that both sides know. */
export type Algorithm = 'ES256' | 'RS256' | 'HS256';

/** A device with what is secret of it: a row of `devicelist.csv`. */
export interface Device {
  readonly id: string;
  /** PEM: PKCS#8, SEC 1 (`EC PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`). */
  readonly privateKey: string;
  /** PEM, with its chain if there is one: for platforms that know devices by the TLS handshake. */
  readonly certificate?: string;
}

/** A device as a registry knows it; nothing of it is secret. */
export interface RegisteredDevice {
  readonly id: string;
  readonly algorithm: Algorithm;
  /** PEM, SubjectPublicKeyInfo. */
  readonly publicKey: string;
}
