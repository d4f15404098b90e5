import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlatform } from '../../src/devices/platform-check.ts';
import { platformOf } from '../../src/devices/platforms.ts';

const google = { project: 'p', region: 'r', registry: 'g' };
const refuses = (message: RegExp | string, check: () => void): void =>
  assert.throws(check, { name: 'UsageError', message });

test('a platform with all its values is fine', () => {
  checkPlatform(platformOf('gcp'), google);
});

test('a platform that needs no values is fine', () => {
  checkPlatform(platformOf('plain'), {});
});

test('values that nobody needs are fine', () => {
  checkPlatform(platformOf('plain'), google);
});

test('all missing values are named, with what to write', () => {
  refuses("the platform gcp needs region, registry: static platformValues = { region: '…', registry: '…' }", () =>
    checkPlatform(platformOf('gcp'), { project: 'p' }),
  );
});

test("a platform of one's own is checked too", () => {
  refuses(/^the platform needs tenant: /, () => checkPlatform({ ...platformOf('plain'), username: '{tenant}' }, {}));
});

test('values in topics are needed too', () => {
  const topics = { events: '{place}/up', commands: 'down' };
  refuses(/needs place: /, () => checkPlatform({ ...platformOf('plain'), topics }, {}));
});

test('values in claims are needed too', () => {
  const token = { claims: { acl: [{ topic: '{site}/#' }] } };
  refuses(/needs site: /, () => checkPlatform({ ...platformOf('emqx'), token }, {}));
});

test('a token where the platform makes none is a missing value', () => {
  refuses(/needs token: /, () => checkPlatform({ ...platformOf('plain'), password: '{token}' }, {}));
});

test('a value that is no text is an error', () => {
  refuses('platformValues.project is no text; the platform gcp expects texts', () =>
    checkPlatform(platformOf('gcp'), { ...google, project: undefined } as unknown as typeof google),
  );
});

test('a token of the platform may live its longest', () => {
  checkPlatform(platformOf('clearblade'), { ...google, lifetime: '86400' });
});

test('a token that lives longer than the platform allows is an error', () => {
  refuses('the lifetime of tokens is 86401 s; the platform takes 86400 s at most', () =>
    checkPlatform(platformOf('gcp'), { ...google, lifetime: '86401' }),
  );
});

test('a broker without such a rule takes tokens of any length', () => {
  checkPlatform(platformOf('emqx'), { lifetime: '864000' });
});

for (const lifetime of ['0', '-5', '1h', 'Infinity']) {
  test(`'${lifetime}' is no lifetime`, () => {
    refuses(`the lifetime of tokens is '${lifetime}'; seconds are expected, such as 3600`, () =>
      checkPlatform(platformOf('emqx'), { lifetime }),
    );
  });
}

test('HS256 needs a secret', () => {
  refuses(/signs tokens with HS256 and needs their secret/, () =>
    checkPlatform({ ...platformOf('emqx'), token: { algorithm: 'HS256' } }, {}),
  );
});

test('a value that was left empty is missing', () => {
  refuses(/needs project: /, () => checkPlatform(platformOf('gcp'), { ...google, project: '' }));
});

test('a lifetime that was left empty is the usual one', () => {
  checkPlatform(platformOf('emqx'), { lifetime: '' });
});
