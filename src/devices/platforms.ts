// How the platforms that took the place of Google's IoT Core let devices in: facts, one object a platform.
import { UsageError } from '../errors.ts';
import { nearest } from '../words.ts';
import type { DevicePlatform, DeviceTopics } from './platform.ts';

/** Brokers that leave the topics to their users. */
const ownTopics: DeviceTopics = { events: 'devices/{device}/events', commands: 'devices/{device}/commands/#' };

const common = { renewal: 'reconnect', protocolVersions: [4, 5], maxQos: 2, keepalive: 60, topics: ownTopics } as const;

const everyDay = 24 * 60 * 60;

/**
 * Google Cloud IoT Core, as it was: the device's path is its client id, the user name is not looked at but must be there,
 * the password is a token of RS256 or ES256 whose audience is the project. No token lives longer than 24 hours, and the
 * connection ends with it.
 * Values: `project`, `region`, `registry`.
 * @see https://cloud.google.com/iot/docs/how-tos/credentials/jwts
 */
const gcp: DevicePlatform = {
  ...common,
  clientId: 'projects/{project}/locations/{region}/registries/{registry}/devices/{device}',
  username: 'unused',
  password: '{token}',
  token: { audience: '{project}', maxLifetime: everyDay },
  protocolVersions: [4],
  maxQos: 1,
  topics: {
    events: '/devices/{device}/events',
    state: '/devices/{device}/state',
    config: '/devices/{device}/config',
    commands: '/devices/{device}/commands/#',
  },
};

/**
 * ClearBlade IoT Core, Google's in all that a device sees; at `{region}-mqtt.clearblade.com:8883`. Its clock may differ
 * by 10 minutes; base64url without padding only.
 * Values: `project`, `region`, `registry`.
 * @see https://clearblade.atlassian.net/wiki/spaces/IC/pages/2202763333/Authentication
 */
const clearblade: DevicePlatform = { ...gcp };

/**
 * EMQX with JWT authentication, the token as the password (`from: password`). It ends a connection whose token has ended
 * (since 5.7.0).
 * Values: `secret` for HS256.
 * @see https://docs.emqx.com/en/emqx/latest/access-control/authn/jwt.html
 */
const emqx: DevicePlatform = {
  ...common,
  clientId: '{device}',
  username: '{device}',
  password: '{token}',
  token: { subject: '{device}' },
};

/**
 * AWS IoT Core with a custom authorizer whose token signing is off: its Lambda gets the token as the password, in base64.
 * TLS on port 443 with the ALPN name `mqtt`.
 * Values: `authorizer`, its name.
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/custom-auth.html
 */
const awsCustom: DevicePlatform = {
  ...common,
  clientId: '{device}',
  username: '{device}?x-amz-customauthorizer-name={authorizer}',
  password: '{token}',
  token: { subject: '{device}' },
  maxQos: 1,
};

/**
 * AWS IoT Core with X.509 certificates: the TLS handshake says who it is. Port 8883.
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/x509-client-certs.html
 */
const awsMtls: DevicePlatform = { ...common, clientId: '{device}', hasClientCertificate: true, maxQos: 1 };

/**
 * The MQTT broker of an Azure Event Grid namespace with custom JWTs: MQTT 5 only, the token goes with the enhanced
 * authentication `CUSTOM-JWT`, and is renewed with an AUTH packet on the same connection. Port 8883.
 * Values: `audience` (Microsoft's page has named several: `https://NAMESPACE.ts.eventgrid.azure.net/`, and
 * `NAMESPACE.REGION-1.ts.eventgrid.azure.net/`), `issuer`, as registered at the namespace.
 * @see https://learn.microsoft.com/azure/event-grid/mqtt-client-custom-jwt
 */
const azureEventgrid: DevicePlatform = {
  ...common,
  clientId: '{device}',
  authenticationMethod: 'CUSTOM-JWT',
  token: { audience: '{audience}', issuer: '{issuer}', subject: '{device}' },
  renewal: 'authenticate',
  protocolVersions: [5],
  maxQos: 1,
};

/**
 * HiveMQ with its Enterprise Security Extension and a JWT realm: the token is the password, the keys come from a JWKS
 * endpoint.
 * Values: `secret` for HS256.
 * @see https://docs.hivemq.com/hivemq-enterprise-security-extension/latest/ese.html
 */
const hivemq: DevicePlatform = {
  ...common,
  clientId: '{device}',
  username: '{device}',
  password: '{token}',
  token: { subject: '{device}' },
};

/**
 * Mosquitto with the plugin mosquitto-jwt-auth: the user name must be the token's subject.
 * Values: `secret` for HS256.
 * @see https://github.com/wiomoc/mosquitto-jwt-auth
 */
const mosquittoJwt: DevicePlatform = {
  ...common,
  clientId: '{device}',
  username: '{device}',
  password: '{token}',
  token: { subject: '{device}' },
};

/**
 * ThingsBoard with access tokens: the user name is the device's token, there is no password and no JWT. katydid
 * registers each device with its id as the token.
 * @see https://thingsboard.io/docs/reference/mqtt-api/
 */
const thingsboard: DevicePlatform = {
  ...common,
  clientId: '{device}',
  username: '{device}',
  maxQos: 1,
  topics: {
    events: 'v1/devices/me/telemetry',
    state: 'v1/devices/me/attributes',
    config: 'v1/devices/me/attributes',
    commands: 'v1/devices/me/rpc/request/+',
  },
};

/** Any broker: the device's id is the client id; user name and password are the user class's own. */
const plain: DevicePlatform = { ...common, clientId: '{device}' };

/** The platforms that katydid knows by name. */
export type PlatformName =
  | 'gcp'
  | 'clearblade'
  | 'emqx'
  | 'aws-custom'
  | 'aws-mtls'
  | 'azure-eventgrid'
  | 'hivemq'
  | 'mosquitto-jwt'
  | 'thingsboard'
  | 'plain';

const named: Readonly<Record<PlatformName, DevicePlatform>> = {
  gcp,
  clearblade,
  emqx,
  'aws-custom': awsCustom,
  'aws-mtls': awsMtls,
  'azure-eventgrid': azureEventgrid,
  hivemq,
  'mosquitto-jwt': mosquittoJwt,
  thingsboard,
  plain,
};

/** All of them, by name; to change one, spread it: `{ ...platforms.get('emqx'), keepalive: 30 }`. */
export const platforms: ReadonlyMap<PlatformName, DevicePlatform> = new Map(
  Object.entries(named) as [PlatformName, DevicePlatform][],
);

/**
 * The platform of this name, or the one that was given as an object. A name that is none is a `UsageError` with the
 * nearest one.
 *
 * @example platformOf('gcp')
 */
export function platformOf(given: PlatformName | DevicePlatform): DevicePlatform {
  if (typeof given === 'object' && given !== null) return given;
  const found = platforms.get(given);
  if (found !== undefined) return found;
  const names = [...platforms.keys()];
  const meant = nearest(String(given), names);
  throw new UsageError(
    `there is no platform '${String(given)}'; ${meant === undefined ? `there are ${names.join(', ')}` : `did you mean '${meant}'?`}`,
  );
}
