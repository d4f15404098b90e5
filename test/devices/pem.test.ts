import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { oneLine, readPem } from '../../src/devices/pem.ts';
import { ec, piecesOf, rsa } from './made-keys.ts';

const forms: Readonly<Record<string, (pem: string) => string>> = {
  'as it is': (pem) => pem,
  "on one line with blanks, the old kit's": oneLine,
  'with \\n written out': (pem) => pem.replaceAll('\n', '\\n'),
  'with \\r\\n written out': (pem) => pem.replaceAll('\n', '\\r\\n'),
  "with Windows' line ends": (pem) => pem.replaceAll('\n', '\r\n'),
  'without any line end': (pem) => pem.replaceAll('\n', ''),
  'with blanks around it': (pem) => `  ${oneLine(pem)} \n`,
  'with its lines indented': (pem) => pem.replaceAll('\n', '\n    '),
};

for (const [form, write] of Object.entries(forms)) {
  test(`a PEM is read ${form}`, () => {
    for (const pem of [ec.privateKey, rsa.privateKey, rsa.publicKey]) assert.equal(readPem(write(pem)).text, pem);
  });
}

test('a PEM survives one line and back, whatever its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), (bytes) => {
      const body = Buffer.from(bytes)
        .toString('base64')
        .match(/.{1,64}/g)
        ?.join('\n');
      const pem = `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
      assert.equal(readPem(oneLine(pem)).text, pem);
    }),
  );
});

test('parameters that OpenSSL writes before a key are left out', () => {
  const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
  assert.equal(readPem(parameters + ec.privateKey).text, ec.privateKey);
});

const broken: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['an empty text', '', /no key in PEM/],
  ['a key that is cut off', ec.privateKey.slice(0, 120), /cut off/],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /no key, but something else/],
  ['no base64', ec.privateKey.replace('M', '*'), /damaged/],
  ['base64 of a wrong length', ec.privateKey.replace(/.\n-----END/, '\n-----END'), /damaged/],
  ['an encrypted key', ec.privateKey.replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'), /encrypted/],
  ["an encrypted key of OpenSSL's", rsa.privateKey.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n'), /encrypted/],
];

for (const [what, text, message] of broken) {
  test(`${what} is told, and nothing of the text`, () => {
    assert.throws(
      () => readPem(text),
      (error: Error) => message.test(error.message) && !piecesOf(text).some((piece) => error.message.includes(piece)),
    );
  });
}
