// users/iot.ts, one device of it.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setLogSink } from '../../src/log.ts';
import { until } from '../e2e/until.ts';
import { type Answers, FakeBroker } from './fake-broker.ts';
import { makeEnvironment, rowsOf, userOf } from './user-under-test.ts';

process.env.LTK_ECHO_TIMEOUT = '0.005';
process.env.LTK_PLATFORM = 'plain';
process.env.LTK_DEVICE_LIST = '';
process.env.LTK_TARGET_PROJECT_ID = '';
const { EchoDevice } = await import('../../users/iot.ts');
setLogSink(() => {});

const topic = 'devices/LTK00001/commands';
const echo = (payload: number, device = 'LTK00001') => ({
  ...{ cmd: 'publish', topic, qos: 0, retain: false, dup: false },
  payload: JSON.stringify({ device, payload }),
});

async function start(t: TestContext, answers: Answers) {
  const broker = await FakeBroker.start(t, answers);
  const told: string[] = [];
  class Device extends EchoDevice {
    static override host = broker.host;
    static override devices = [{ id: 'LTK00001', privateKey: '' }] as never;
    override tell(what: string, payload: number): void {
      told.push(`${what} ${payload}`);
    }
  }
  const user = userOf(t, Device, makeEnvironment());
  await user.onStart();
  return { broker, user, told };
}

test('an echo for another device is one failure, whether or not an echo is waited for', async (t) => {
  const { broker, user } = await start(t, (packet, guest) => {
    if (packet.cmd !== 'publish') return false;
    guest.send(echo(1, 'LTK00002'));
    guest.send(echo(1));
  });
  const isCounted = (): boolean => rowsOf(user).includes('echo wrong device 1 (1 failed)');
  await user.echo();
  await until('it is counted', isCounted, { every: 0.005 });
  broker.guests[0]?.send(echo(2, 'LTK00002'));
  await until('it is counted', isCounted, { every: 0.005 });
});

test('a variable that is left empty was not given', () => {
  assert.equal(EchoDevice.devices, 'devicelist.csv');
  assert.equal(EchoDevice.platformValues.project, 'my-project');
});

test('of echoes that never come only the last hundred are remembered', async (t) => {
  const { broker, user, told } = await start(t, ({ cmd }) => cmd === 'publish');
  for (let payload = 1; payload <= 101; payload++) await user.echo();
  assert.ok(rowsOf(user).includes('echo timeout 101 (101 failed)'));
  for (const payload of [1, 2, 101]) broker.guests[0]?.send(echo(payload));
  await until('all have come', () => told.includes('late 101'), { every: 0.005 });
  assert.deepEqual(
    told.filter((line) => line.startsWith('late')),
    ['late 2', 'late 101'],
  );
});
