import { getSystemErrorMap } from 'node:util';

/** An operation that failed, for tasks that want to throw it. */
export class MqttError extends Error {
  override readonly name = 'MqttError';
  /** MQTT's code of the answer; 0 if there was none. */
  readonly reasonCode: number;

  constructor(text: string, reasonCode: number) {
    super(text);
    this.reasonCode = reasonCode;
  }
}

/** CONNACK of MQTT 3.1.1, by code. */
// biome-ignore format: a list of words
const returnCodes: readonly string[] = [
  '', 'Unacceptable protocol version', 'Identifier rejected', 'Server unavailable', 'Bad user name or password',
  'Not authorized',
];

/** MQTT 5, from 0x80 on. */
// biome-ignore format: a list of words
const reasonCodes: readonly string[] = [
  'Unspecified error', 'Malformed packet', 'Protocol error', 'Implementation specific error',
  'Unsupported protocol version', 'Client identifier not valid', 'Bad user name or password', 'Not authorized',
  'Server unavailable', 'Server busy', 'Banned', 'Server shutting down', 'Bad authentication method',
  'Keep alive timeout', 'Session taken over', 'Topic filter invalid', 'Topic name invalid',
  'Packet identifier in use', 'Packet identifier not found', 'Receive maximum exceeded', 'Topic alias invalid',
  'Packet too large', 'Message rate too high', 'Quota exceeded', 'Administrative action', 'Payload format invalid',
  'Retain not supported', 'QoS not supported', 'Use another server', 'Server moved',
  'Shared subscriptions not supported', 'Connection rate exceeded', 'Maximum connect time',
  'Subscription identifiers not supported', 'Wildcard subscriptions not supported',
];

/** From here on codes are failures, in the answers of MQTT 5 and in SUBACK of 3.1.1. */
export const firstFailure = 0x80;

const hex = (code: number): string => `0x${code.toString(16).toUpperCase().padStart(2, '0')}`;

/** `Not authorized (0x87)`. */
export function reasonText(code: number): string {
  const text = code < firstFailure ? returnCodes[code] : reasonCodes[code - firstFailure];
  return `${text || 'Unknown reason'} (${hex(code)})`;
}

/** An answer that says no. */
export function refusedText(code: number): string {
  return `refused: ${reasonText(code)}`;
}

/** A wrong token, or none that the broker takes: worth another one. */
export function isRefusedLogin(code: number): boolean {
  return code === 4 || code === 5 || code === 0x86 || code === 0x87;
}

/** Error code → text, as with HTTP. */
const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EPIPE: 'Broken pipe',
  ETIMEDOUT: 'Connection timed out',
  ENOTFOUND: 'Name or service not known',
  EAI_AGAIN: 'Temporary failure in name resolution',
  EMFILE: 'Too many open files: raise the limit (ulimit -n) of the load generator',
  EADDRNOTAVAIL:
    'Cannot assign requested address: no free port left at this address of the load generator, or it is not its own (static localAddress)',
};

interface Described {
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly errors?: unknown;
}

/** What went wrong with a connection, without ports, addresses and ids, so that the same failure is one row. */
export function troubleText(thrown: unknown): string {
  const { code, reason, message, errors } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Described;
  // One for each address of a name; the first says enough.
  if (Array.isArray(errors) && errors.length > 0) return troubleText(errors[0]);
  const text = String(message ?? thrown);
  if (typeof code === 'string') {
    const known = byCode[code];
    if (known !== undefined) return known;
    if (/SSL|TLS|CERT/.test(code) && typeof reason === 'string' && code !== 'ERR_TLS_CERT_ALTNAME_INVALID') {
      return `TLS: ${reason}`;
    }
    const system = [...getSystemErrorMap().values()].find(([name]) => name === code);
    if (system !== undefined) return `${system[1]} (${system[0]})`;
  }
  return withoutAddresses(text.replace(/; if the root CA is .*$/, ''));
}

function withoutAddresses(text: string): string {
  return text
    .replace(/(\[[0-9a-f:]+\]|\b\d{1,3}(\.\d{1,3}){3}\b|\blocalhost\b)(:\d+)?/gi, '…')
    .replace(/0x[0-9a-f]+/gi, '…');
}
