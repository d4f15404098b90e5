import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Device } from '../../src/devices/device.ts';
import { DeviceListChange, deviceListRows, looseMode, readDeviceList } from '../../src/devices/device-list.ts';
import { oneLine } from '../../src/devices/pem.ts';
import { UsageError } from '../../src/errors.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { ec, otherEc, piecesOf, rsa } from './made-keys.ts';

/** A lock that nobody takes away. */
const lock = { check: () => {}, release: () => {} };

async function listOf(t: TestContext, text: string): Promise<string> {
  return join(await userFolder(t, { 'devicelist.csv': text }), 'devicelist.csv');
}

const row = (id: string, pem: string): string => `${id},${oneLine(pem)}\n`;
const first: Device = { id: 'LTK00001', privateKey: ec.privateKey };
const second: Device = { id: 'LTK00002', privateKey: rsa.privateKey };

const forms: Readonly<Record<string, string>> = {
  "the old kit's, one line a device": row('LTK00001', ec.privateKey) + row('LTK00002', rsa.privateKey),
  'with a header': `id,privateKey\n${row('LTK00001', ec.privateKey)}${row('LTK00002', rsa.privateKey)}`,
  'with real line breaks in quotes': `LTK00001,"${ec.privateKey}"\nLTK00002,"${rsa.privateKey}"\n`,
  'with \\n written out': `LTK00001,${ec.privateKey.replaceAll('\n', '\\n')}\n${row('LTK00002', rsa.privateKey)}`,
  "with Windows' line ends and a byte order mark": `\ufeff${(row('LTK00001', ec.privateKey) + row('LTK00002', rsa.privateKey)).replaceAll('\n', '\r\n')}`,
  'with blank lines, blanks around cells, and no end of its last line': `\nLTK00001 , ${oneLine(ec.privateKey)} \n\nLTK00002,${oneLine(rsa.privateKey)}`,
};

for (const [form, text] of Object.entries(forms)) {
  test(`a list is read: ${form}`, async (t) => {
    assert.deepEqual(readDeviceList(await listOf(t, text)), [first, second]);
  });
}

const bad: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['a row without a key', `${row('a', ec.privateKey)}b\n`, /devicelist\.csv, row 2 \(b\): it has no second cell/],
  [
    'a torn key',
    `${row('a', ec.privateKey)}${row('b', ec.privateKey).slice(0, 90)}`,
    /row 2 \(b\): its key is cut off/,
  ],
  ['an id that is none', row('a/b', ec.privateKey), /row 1: its first cell is no device's id/],
  [
    'an id that is there twice',
    row('a', ec.privateKey) + row('a', rsa.privateKey),
    /row 2 \(a\): its id stands in row 1/,
  ],
  ['a public key', row('a', ec.publicKey), /row 1 \(a\): it holds a public key; a private one is expected/],
  ['cells that are exchanged', `${oneLine(ec.privateKey)},LTK00001\n`, /row 1: its first cell is no device's id/],
  ['an open quote', `${row('a', ec.privateKey)}b,"${ec.privateKey}`, /row 2: a quote is not closed/],
  ['several bad rows', 'a,x\nb,y\nc,z\n', /row 1 \(a\): it holds no key in PEM .* \(and 2 more rows\)$/],
];

for (const [what, text, message] of bad) {
  test(`${what} is a UsageError that names the row, and holds nothing of a key`, async (t) => {
    const path = await listOf(t, text);
    assert.throws(
      () => readDeviceList(path),
      (error: Error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        return ![...piecesOf(ec.privateKey), ...piecesOf(rsa.privateKey)].some((piece) =>
          error.message.includes(piece),
        );
      },
    );
  });
}

test('a list that is not there is told, with what to do', () => {
  assert.throws(() => readDeviceList('/nowhere/list.csv'), /^UsageError: \/nowhere\/list\.csv is not there; 'katydid/);
});

const anyId = fc.stringMatching(/^[A-Za-z0-9][\w.:@=-]{0,20}$/).filter((id) => id.toLowerCase() !== 'id');
const anyPem = fc.uint8Array({ minLength: 1, maxLength: 1500 }).map((bytes) => {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
});
const anyDevices = fc.uniqueArray(fc.record({ id: anyId, privateKey: anyPem }, { noNullPrototype: true }), {
  selector: ({ id }) => id,
  maxLength: 8,
});

test('what is written is read back, whatever ids and keys', async (t) => {
  const folder = await userFolder(t, {});
  let run = 0;
  fc.assert(
    fc.property(anyDevices, anyDevices, (some, more) => {
      const path = join(folder, `${run++}.csv`);
      const added = more.filter(({ id }) => !some.some((device) => device.id === id));
      if (some.length > 0) new DeviceListChange(path, lock).append(some);
      if (added.length > 0) new DeviceListChange(path, lock).append(added);
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      assert.deepEqual(deviceListRows(text), { rows: [...some, ...added], problems: [] });
    }),
    { numRuns: 50 },
  );
});

test('rows are appended; those that are there stay to the letter, and end', async (t) => {
  const old = `id,key\nLTK00001,"${ec.privateKey}"`;
  const path = await listOf(t, old);
  new DeviceListChange(path, lock).append([second]);
  assert.equal(readFileSync(path, 'utf8'), `${old}\n${row('LTK00002', rsa.privateKey)}`);
  assert.deepEqual(readDeviceList(path), [first, second]);
});

test("rows are appended to a list with Windows' line ends", async (t) => {
  const path = await listOf(t, row('LTK00001', ec.privateKey).replace('\n', '\r\n'));
  new DeviceListChange(path, lock).append([second, { ...second, id: 'LTK00003' }]);
  assert.deepEqual(readDeviceList(path), [first, second, { ...second, id: 'LTK00003' }]);
});

test('rows are taken out', async (t) => {
  const path = await listOf(t, row('LTK00001', ec.privateKey) + row('LTK00002', rsa.privateKey));
  new DeviceListChange(path, lock).remove(new Set(['LTK00001']));
  assert.deepEqual(readDeviceList(path), [second]);
});

test('a list is for its owner only, whatever it was before', async (t) => {
  const path = await listOf(t, row('LTK00001', ec.privateKey));
  chmodSync(path, 0o644);
  assert.equal(looseMode(path), 0o644);
  new DeviceListChange(path, lock).append([second]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(looseMode(path), undefined);
});

test('a list with a bad row cannot be changed', async (t) => {
  const text = `${row('LTK00001', ec.privateKey)}LTK00002,-----BEGIN PRIV`;
  const path = await listOf(t, text);
  assert.throws(() => new DeviceListChange(path, lock), UsageError);
  assert.equal(readFileSync(path, 'utf8'), text);
});

test('what a dead process left beside the list is removed', async (t) => {
  const path = await listOf(t, row('LTK00001', ec.privateKey));
  const left = path.replace('devicelist.csv', '.devicelist.csv.1.x.tmp');
  writeFileSync(left, ec.privateKey);
  new DeviceListChange(path, lock);
  assert.equal(existsSync(left), false);
});

test('a list that lost its lock is left as it is, and no temporary file stays', async (t) => {
  const text = row('LTK00001', ec.privateKey);
  const path = await listOf(t, text);
  const lost = {
    ...lock,
    check: () => {
      throw new UsageError('gone');
    },
  };
  assert.throws(() => new DeviceListChange(path, lost).append([{ id: 'b', privateKey: otherEc.privateKey }]), /gone/);
  assert.deepEqual(readdirSync(dirname(path)), ['devicelist.csv']);
  assert.equal(readFileSync(path, 'utf8'), text);
});

test('a third cell is the certificate of the device, with its chain, and stays when the list is changed', async (t) => {
  const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  const chain = `${pem('MIIB'.repeat(16))}${pem('AAAA')}`;
  const path = await listOf(t, `LTK00001,${oneLine(ec.privateKey)},${oneLine(chain)}\n`);
  assert.equal(readDeviceList(path)[0]?.certificate, chain);
  const change = new DeviceListChange(path, lock);
  change.append([second]);
  assert.deepEqual(
    readDeviceList(path).map(({ certificate }) => certificate),
    [chain, undefined],
  );
  const wrong = deviceListRows(`LTK00001,${oneLine(ec.privateKey)},no certificate\n`);
  assert.match(wrong.problems[0]?.problem ?? '', /third cell holds no certificate in PEM/);
});

test('a link to the list stays a link', async (t) => {
  const folder = await userFolder(t, { 'real/list.csv': row('LTK00001', ec.privateKey) });
  mkdirSync(join(folder, 'here'));
  const path = join(folder, 'here/devicelist.csv');
  symlinkSync('../real/list.csv', path);
  new DeviceListChange(path, lock).append([second]);
  assert.equal(readDeviceList(join(folder, 'real/list.csv')).length, 2);
  assert.equal(readDeviceList(path).length, 2);
});
