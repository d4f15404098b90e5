import { MasterError } from './master-client.ts';

/** Of a failed fetch, what is behind it. */
export function reasonOf(thrown: unknown): string {
  const { message } = thrown as Error;
  const cause = causeOf(thrown);
  return cause === undefined ? message : cause.message || String(cause.code);
}

/** Why a master cannot be spoken with at all, and what may be done. */
export function reasonOfSilence(thrown: unknown): string {
  const reason = reasonOf(thrown);
  const code = causeOf(thrown)?.code ?? '';
  if (/CERT|SIGNATURE/.test(code))
    return `its certificate is not trusted (${reason}): give tls.ca, who signed it, or take it unseen with tls.insecure: true`;
  if (/^ERR_SSL_(WRONG_VERSION|PACKET_LENGTH)/.test(code)) return `it seems to speak no TLS: try http:// (${reason})`;
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return `${reason}; if it speaks TLS, its URL is https://`;
  if (thrown instanceof MasterError && / answered 404\b/.test(reason))
    return `${reason}; where it has a --web-base-path, that is a part of its URL`;
  return reason;
}

function causeOf(thrown: unknown): NodeJS.ErrnoException | undefined {
  const { message, cause } = thrown as Error;
  return cause instanceof Error && message === 'fetch failed' ? cause : undefined;
}
