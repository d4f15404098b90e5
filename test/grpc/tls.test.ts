import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ServerCredentials } from '@grpc/grpc-js';
import { UsageError } from '../../src/errors.ts';
import { key } from '../http/target.ts';
import { Target } from './target.ts';
import { failuresOf, makeClass, makeUser } from './user-under-test.ts';

const ca = key('authority');

/** A server over TLS; `isMutual`: it wants a certificate, too. */
function secureTarget(t: TestContext, isMutual = false): Promise<Target> {
  const pairs = [{ cert_chain: key('server'), private_key: key('server-key') }];
  const credentials = ServerCredentials.createSsl(isMutual ? ca : null, pairs, isMutual);
  return Target.start(t, {}, { credentials });
}

test('a certificate of nobody known is a failure', async (t) => {
  const target = await secureTarget(t);
  const user = makeUser(t, { host: `https://${target.host}` });
  assert.equal((await user.client.predict({ text: '' })).status, 'UNAVAILABLE');
  assert.match(failuresOf(user)[0] ?? '', /unable to verify the first certificate/);
});

test('it is taken with its authority, or unseen; a host without a scheme is secure with static tls', async (t) => {
  const target = await secureTarget(t);
  for (const tls of [{ ca }, { ca: [ca.toString()] }, { insecure: true }]) {
    for (const host of [target.host, `https://${target.host}`]) {
      const user = makeUser(t, { host, tls });
      assert.deepEqual([(await user.client.predict({ text: '' })).failure, host], [undefined, host]);
    }
  }
});

test('http:// is plain, whatever tls says', async (t) => {
  const target = await Target.start(t);
  const user = makeUser(t, { host: `http://${target.host}`, tls: { ca } });
  assert.equal((await user.client.predict({ text: '' })).status, 'OK');
});

test('the name in the certificate must be that of the host', async (t) => {
  const target = await secureTarget(t);
  const wrong = makeUser(t, { host: target.host, tls: { ca, servername: 'other.test' } });
  assert.equal((await wrong.client.predict({ text: '' })).status, 'UNAVAILABLE');
  assert.match(failuresOf(wrong)[0] ?? '', /altnames/);
  const right = makeUser(t, { host: target.host, tls: { ca, servername: 'server.test' } });
  assert.equal((await right.client.predict({ text: '' })).status, 'OK');
});

test('a client certificate is shown to the server that asks for one', async (t) => {
  const target = await secureTarget(t, true);
  const known = makeUser(t, { host: target.host, tls: { ca, cert: key('client'), key: key('client-key') } });
  assert.equal((await known.client.predict({ text: '' })).failure, undefined);
  const unknown = makeUser(t, { host: target.host, tls: { ca } });
  assert.equal((await unknown.client.predict({ text: '' })).status, 'UNAVAILABLE');
  assert.equal(failuresOf(unknown).length, 1);
});

test('a certificate that is none is an error of the class', () => {
  assert.throws(
    () => makeClass().checkClass(makeClass({ tls: { cert: 'nonsense' } }) as never, []),
    (thrown: unknown) => thrown instanceof UsageError && thrown.message.startsWith('tls: '),
  );
});
