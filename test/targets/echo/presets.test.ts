import assert from 'node:assert/strict';
import { test } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import type { Login } from '../../../src/devices/login.ts';
import { type PlatformName, platforms } from '../../../src/devices/platforms.ts';
import { lines, pairOf, payload, refusal, Scene, values } from './scene.ts';

const { audience, issuer } = values;

const names = [...platforms.keys()];
const withToken = names.filter((name) => platforms.get(name)?.token !== undefined);
const hour = 3600;

/** The login with another token in its place. */
function withOther({ token, ...login }: Login, text: string): Login {
  const change = (old: string): string => old.replace(token?.text ?? '', text);
  return {
    ...login,
    ...(login.username === undefined ? {} : { username: change(login.username) }),
    ...(login.password === undefined ? {} : { password: change(login.password) }),
    ...(login.authenticationData === undefined ? {} : { authenticationData: Buffer.from(text) }),
  };
}

/** The same login with other claims, or signed otherwise. */
function forged(
  login: Login,
  change: Record<string, unknown>,
  secret: string = pairOf('LTK00001').privateKey,
  algorithm: jsonwebtoken.Algorithm = 'ES256',
): Login {
  const { iat, ...claims } = {
    ...(jsonwebtoken.decode(login.token?.text ?? '') as jsonwebtoken.JwtPayload),
    ...change,
  };
  const told = Object.entries({ ...claims, iat }).filter(([, value]) => value !== undefined);
  const options = { algorithm, noTimestamp: iat === undefined };
  return withOther(login, jsonwebtoken.sign(Object.fromEntries(told), secret, options));
}

/** MQTT 3.1.1 knows two numbers for it, MQTT 5 others. */
function codes(platform: PlatformName): { readonly unauthorized: number; readonly badLogin: number } {
  const isNew = platforms.get(platform)?.protocolVersions[0] === 5;
  return isNew ? { unauthorized: 0x87, badLogin: 0x86 } : { unauthorized: 5, badLogin: 4 };
}

for (const platform of names.filter((name) => name !== 'aws-mtls')) {
  test(`${platform}: a device is let in, and answered`, async (t) => {
    const scene = await Scene.start(t, { platform });
    const device = await scene.listening();
    const [topic, text] = await scene.echoOf(device, payload(1));
    assert.equal(topic, scene.topics().commands.replace(/\/#$/, '').replace(/\+$/, '1'));
    assert.equal(text, payload(1));
  });
}

for (const platform of withToken) {
  const { unauthorized, badLogin } = codes(platform);

  /** The reason that is counted, what the client is told, and that the log has one line without the token. */
  const refused = (name: string, reason: string, code: number, login: (scene: Scene) => Login): void => {
    test(`${platform}: ${name} is refused`, async (t) => {
      const scene = await Scene.start(t, { platform, skew: 0, values: { audience, issuer } });
      const given = login(scene);
      assert.equal(await refusal(scene.connect(given)), code);
      assert.deepEqual([...scene.echo.counters.refused], [[reason, 1]]);
      const told = lines.filter((line) => line.startsWith('WARNING refused'));
      assert.equal(told.length, 1);
      const secrets = [given.password, given.authenticationData?.toString()].filter((text) => (text ?? '').length > 20);
      assert.ok(secrets.every((secret) => !lines.join().includes(secret ?? '')));
    });
  };

  refused('a token of another key', 'signature', unauthorized, (scene) =>
    forged(scene.login(), {}, pairOf('nobody').privateKey),
  );
  refused('a token that has ended', 'expired', unauthorized, (scene) =>
    scene.login('LTK00001', {}, Date.now() - hour * 1000),
  );
  refused('a token without a signature', 'algorithm', unauthorized, (scene) => forged(scene.login(), {}, '', 'none'));
  refused('a token of HS256 whose secret is the public key', 'algorithm', unauthorized, (scene) =>
    forged(scene.login(), {}, pairOf('LTK00001').publicKey, 'HS256'),
  );
  refused('a token that was issued in the future', 'issued at', unauthorized, (scene) =>
    forged(scene.login(), { iat: Math.floor(Date.now() / 1000) + 60 }),
  );
  refused('what is no token', 'malformed token', unauthorized, (scene) =>
    withOther(scene.login(), 'open-sesame-open-sesame'),
  );
  refused("another device's client id", 'signature', unauthorized, (scene) => {
    // All that says who it is names the other one; the token is of this one's key.
    const { privateKey } = pairOf('LTK00001');
    return forged(scene.login('LTK00002'), {}, privateKey);
  });
  refused('a device that the registry has not', 'unknown device', unauthorized, (scene) => scene.login('LTK00003'));
  refused('a device without a token', 'no token', badLogin, (scene) => withOther(scene.login(), ''));
  if (platforms.get(platform)?.token?.audience !== undefined) {
    refused('a token for another audience', 'audience', unauthorized, (scene) => forged(scene.login(), { aud: 'q' }));
    refused('a token for several audiences', 'audience', unauthorized, (scene) =>
      forged(scene.login(), { aud: ['p', 'q'] }),
    );
  }
  if (platforms.get(platform)?.token?.issuer !== undefined) {
    refused('a token of another issuer', 'issuer', unauthorized, (scene) => forged(scene.login(), { iss: 'j' }));
    refused('a token without an issuer', 'issuer', unauthorized, (scene) => forged(scene.login(), { iss: undefined }));
  }
  if (platforms.get(platform)?.token?.maxLifetime !== undefined) {
    refused('a token that lives longer than a day', 'lifetime', unauthorized, (scene) =>
      forged(scene.login(), { exp: Math.floor(Date.now() / 1000) + 24 * hour + 60 }),
    );
    refused('a token without an end', 'lifetime', unauthorized, (scene) => forged(scene.login(), { exp: undefined }));
    refused('a token that does not say when it was issued', 'issued at', unauthorized, (scene) =>
      forged(scene.login(), { iat: undefined }),
    );
  }
  if (platforms.get(platform)?.token?.subject !== undefined) {
    refused("a token with another device's name", 'subject', unauthorized, (scene) =>
      forged(scene.login(), { sub: 'LTK00002' }),
    );
  }
  if (platforms.get(platform)?.username?.includes('{device}') === true) {
    refused("another device's user name", 'username', badLogin, (scene) => ({
      ...scene.login(),
      username: scene.login('LTK00002').username ?? '',
    }));
  }
}
