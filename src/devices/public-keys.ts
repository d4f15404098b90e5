import { createPublicKey } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import type { RegisteredDevice } from './device.ts';
import { oneLine } from './pem.ts';
import type { DeviceTopics } from './platform.ts';
import { platforms } from './platforms.ts';

/** What a registry's public part can be written as. */
export const exportFormats = ['csv', 'jwks', 'emqx-acl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The registered devices as a text for brokers and other programs; nothing of it is secret. */
export function exportDevices(devices: readonly RegisteredDevice[], format: ExportFormat): string {
  if (format === 'jwks') return jwks(devices);
  return format === 'csv' ? csv(devices) : emqxAcl(devices);
}

/** `id,publicKey`, the PEM on one line. */
function csv(devices: readonly RegisteredDevice[]): string {
  const rows = devices.map(({ id, publicKey }) => [id, oneLine(publicKey)]);
  return stringify(rows, { header: true, columns: ['id', 'publicKey'] });
}

/** A JSON Web Key Set (RFC 7517), each device's id its `kid`. */
function jwks(devices: readonly RegisteredDevice[]): string {
  const keys = devices.map(({ id, algorithm, publicKey }) => ({
    ...createPublicKey(publicKey).export({ format: 'jwk' }),
    kid: id,
    alg: algorithm,
    use: 'sig',
  }));
  return `${JSON.stringify({ keys }, undefined, 2)}\n`;
}

/**
 * Rules of EMQX's `acl.conf`: each device its own topics and no others, those that the platform `emqx` has.
 *
 * @see https://docs.emqx.com/en/emqx/latest/access-control/authz/file.html
 */
function emqxAcl(devices: readonly RegisteredDevice[]): string {
  const topics = platforms.get('emqx')?.topics;
  const rules = topics === undefined ? [] : devices.flatMap(({ id }) => aclOf(id, topics));
  return [...rules, '{deny, all}.', ''].join('\n');
}

function aclOf(id: string, { events, state, config, commands }: DeviceTopics): string[] {
  const rule = (action: string, topics: readonly (string | undefined)[]): string => {
    const own = topics
      .filter((topic) => topic !== undefined)
      .map((topic) => erlangText(topic.replaceAll('{device}', id)));
    return `{allow, {clientid, ${erlangText(id)}}, ${action}, [${own.join(', ')}]}.`;
  };
  return [rule('publish', [events, `${events}/#`, state]), rule('subscribe', [commands, config])];
}

function erlangText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
