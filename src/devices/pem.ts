/** One PEM block: what it is (`PRIVATE KEY`, `PUBLIC KEY` …), and its text with line breaks as RFC 7468 has them. */
export interface Pem {
  readonly label: string;
  readonly text: string;
}

const block = /-----BEGIN ([A-Z0-9 ]+?)-----([\s\S]*?)-----END \1-----/g;
const base64 =
  /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$/;

/**
 * The key of a text, however its line breaks went: kept, made blanks by the old kit, or written as `\n`. What stands
 * beside the key (`EC PARAMETERS`, as OpenSSL writes it) is left out.
 *
 * @throws an Error that says what is wrong, without a character of the text: it may be a key.
 */
export function readPem(given: string): Pem {
  const text = given.replace(/\\r|\\n/g, '\n');
  const blocks = [...text.matchAll(block)].map(([, label = '', body = '']) => ({ label, body }));
  const key = blocks.find(({ label }) => label.endsWith('KEY'));
  if (key === undefined) throw new Error(whatElse(text, blocks.length));
  if (key.label === 'ENCRYPTED PRIVATE KEY' || /ENCRYPTED/.test(key.body)) {
    throw new Error('its key is encrypted; keys without a passphrase are expected');
  }
  const body = key.body.replace(/\s+/g, '');
  if (!base64.test(body)) throw new Error('its key is damaged: between BEGIN and END is no base64');
  return { label: key.label, text: pemText(key.label, body) };
}

/**
 * The certificates of a text, the device's own first, with their line breaks made right as `readPem` does.
 *
 * @throws an Error that says what is wrong.
 */
export function readCertificates(given: string): string {
  const blocks = [...given.replace(/\\r|\\n/g, '\n').matchAll(block)];
  const bodies = blocks
    .filter(([, label]) => label === 'CERTIFICATE')
    .map(([, , body = '']) => body.replace(/\s+/g, ''));
  if (bodies.length === 0)
    throw new Error('its third cell holds no certificate in PEM (-----BEGIN CERTIFICATE----- …)');
  if (!bodies.every((body) => base64.test(body))) throw new Error('its certificate is damaged');
  return bodies.map((body) => pemText('CERTIFICATE', body)).join('');
}

function pemText(label: string, body: string): string {
  const lines = body.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function whatElse(text: string, blocks: number): string {
  if (blocks > 0) return 'it holds no key, but something else in PEM';
  if (text.includes('-----BEGIN')) return 'its key is cut off: there is a BEGIN, and no END that belongs to it';
  return 'it holds no key in PEM (-----BEGIN PRIVATE KEY----- …)';
}

/** The same PEM on one line, its line breaks made blanks: how the old kit wrote it. */
export function oneLine(pem: string): string {
  return pem.trim().replace(/\s*\n\s*/g, ' ');
}
