import { createSecureContext, type SecureContext } from 'node:tls';
import { UsageError } from '../errors.ts';

/** How a server is trusted, and how this client shows who it is. PEM texts or their bytes. */
export interface TlsOptions {
  /** Trusted instead of the well-known authorities. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** The client's certificate, with its chain. */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  readonly passphrase?: string | undefined;
  /** Any certificate is taken. */
  readonly insecure?: boolean | undefined;
  /** The name that is asked for and verified, if not that of the URL. */
  readonly servername?: string | undefined;
}

const keys = new WeakMap<TlsOptions, string>();
const contexts = new Map<string, SecureContext>();

/** Equal options have equal keys, also when they are written out anew for each request. */
export function keyOf(tls: TlsOptions | undefined): string {
  if (tls === undefined) return '';
  let key = keys.get(tls);
  if (key === undefined) {
    const { ca, cert, key: secret, passphrase, insecure, servername } = tls;
    key = JSON.stringify([[ca].flat().map(String), String(cert), String(secret), passphrase, insecure, servername]);
    keys.set(tls, key);
  }
  return key;
}

/** The certificates, parsed once for all users with the same settings. */
export function contextOf(tls: TlsOptions | undefined): SecureContext {
  const key = keyOf(tls);
  let context = contexts.get(key);
  if (context === undefined) {
    context = makeContext(tls ?? {});
    contexts.set(key, context);
  }
  return context;
}

function makeContext({ ca, cert, key, passphrase }: TlsOptions): SecureContext {
  try {
    const given = { ca, cert, key, passphrase };
    return createSecureContext(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  } catch (cause) {
    throw new UsageError(`tls: ${(cause as Error).message}; ca, cert and key are PEM texts or their bytes`, { cause });
  }
}
