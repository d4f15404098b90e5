// The tests of HttpUser, all of them but those of proxies, once more with FastHttpUser.
import { testFast } from './user-under-test.ts';

testFast();
for (const name of [
  'cookies',
  'failure',
  'fetch',
  'http-user',
  'redirect',
  'request',
  'response',
  'session',
  'stream',
  'tls',
  'verdict',
]) {
  await import(`./${name}.test.ts`);
}
