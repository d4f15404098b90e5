import { getSystemErrorMap } from 'node:util';
import { UsageError } from '../errors.ts';

/** Why there was no answer. The name is Python's where it has one; the text holds no ports, ids or times. */
export class RequestError extends Error {
  override readonly name: string;

  constructor(name: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
  }
}

/** Error code → name and text of the failure. */
const byCode: Readonly<Record<string, readonly [name: string, text: string]>> = {
  ECONNREFUSED: ['ConnectionRefusedError', 'Connection refused'],
  ECONNRESET: ['ConnectionResetError', 'Connection reset by peer'],
  EPIPE: ['BrokenPipeError', 'Broken pipe'],
  ETIMEDOUT: ['ConnectTimeout', 'Connection timed out'],
  UND_ERR_CONNECT_TIMEOUT: ['ConnectTimeout', 'Connection timed out'],
  ENOTFOUND: ['NameResolutionError', 'Name or service not known'],
  EAI_AGAIN: ['NameResolutionError', 'Temporary failure in name resolution'],
  UND_ERR_SOCKET: ['RemoteDisconnected', 'Remote end closed connection without response'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['IncompleteRead', 'The body is not as long as content-length says'],
  UND_ERR_HEADERS_OVERFLOW: ['HeadersOverflowError', 'The headers of the answer are too long'],
  EMFILE: ['OSError', 'Too many open files: raise the limit (ulimit -n) of the load generator'],
  EADDRNOTAVAIL: ['OSError', 'Cannot assign requested address: the load generator has no free port left'],
};

interface Described {
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly name?: unknown;
}

/** What ended an exchange without a whole answer, as a failure that groups. `hasBegun`: there were headers. */
export function failureOf(thrown: unknown, hasBegun: boolean): Error {
  if (thrown instanceof RequestError || thrown instanceof UsageError) return thrown;
  const { code, reason, message, name } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Described;
  const text = String(message ?? thrown);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return new UsageError(`the request cannot be sent: ${text}`);
  }
  if (code === 'UND_ERR_SOCKET' && hasBegun) {
    return new RequestError('IncompleteRead', 'Remote end closed connection in the middle of the answer', thrown);
  }
  const known = typeof code === 'string' ? byCode[code] : undefined;
  if (known !== undefined) return new RequestError(known[0], known[1], thrown);
  if (isAboutTls(code, text)) return new RequestError('SSLError', sslText(code, reason, text), thrown);
  const system = [...getSystemErrorMap().values()].find(([known]) => known === code);
  if (system !== undefined) return new RequestError('OSError', `${system[1]} (${system[0]})`, thrown);
  return new RequestError(typeof name === 'string' ? name : 'Error', withoutAddresses(text), thrown);
}

function isAboutTls(code: unknown, text: string): boolean {
  return /CERT|^ERR_SSL|^ERR_TLS|^EPROTO$|SIGNATURE|ISSUER|CRL/.test(String(code)) || /SSL routines/.test(text);
}

/** OpenSSL's own texts hold thread ids and source lines; its reason does not. Node's advice comes with some versions. */
function sslText(code: unknown, reason: unknown, text: string): string {
  if (typeof reason === 'string' && code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return reason;
  const parts = text.split(':');
  const routines = parts.indexOf('SSL routines');
  return (
    (routines >= 0 ? parts[routines + 2] : undefined) || withoutAddresses(text.replace(/; if the root CA is .*$/, ''))
  );
}

function withoutAddresses(text: string): string {
  return text
    .replace(/(\[[0-9a-f:]+\]|\b\d{1,3}(\.\d{1,3}){3}\b|\blocalhost\b)(:\d+)?/gi, '…')
    .replace(/0x[0-9a-f]+/gi, '…');
}
