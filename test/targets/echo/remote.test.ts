import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startEcho } from '../../../src/targets/echo/echo.ts';
import { type Answers, FakeBroker } from '../../mqtt/fake-broker.ts';
import { lineLike, lines } from './scene.ts';

async function start(t: TestContext, answers: Answers) {
  lines.length = 0;
  const broker = await FakeBroker.start(t, answers);
  const echo = await startEcho({ broker: broker.host });
  t.after(() => echo.close());
  return { broker, echo };
}

test('a broker that is lost while the application subscribes is waited for', async (t) => {
  let subscriptions = 0;
  const { echo } = await start(t, ({ cmd }, { socket }) => {
    if (cmd !== 'subscribe' || subscriptions++ > 0) return false;
    socket.resetAndDestroy();
  });
  assert.equal(echo.counters.connects, 1);
});

test('a broker that is not there is tried again after pauses that double, and told of once', async (t) => {
  lines.length = 0;
  const tries: number[] = [];
  const broker = await FakeBroker.start(t, ({ cmd }, { socket }) => {
    if (cmd !== 'connect' || tries.push(performance.now()) > 2) return false;
    socket.end();
  });
  const echo = await startEcho({ broker: broker.host });
  t.after(() => echo.close());
  const [first = 0, second = 0, third = 0] = tries;
  assert.ok(second - first > 950 && third - second > 1950, tries.join(', '));
  const warnings = lines.filter((line) => line.startsWith('WARNING'));
  assert.deepEqual(warnings, [`WARNING ${broker.host} cannot be reached; it is tried again after 1, 2, 4 … 30 s`]);
});

test('that the application may subscribe no more is said', async (t) => {
  let subscriptions = 0;
  const { broker } = await start(t, ({ cmd, messageId }, guest) =>
    cmd === 'subscribe' && subscriptions++ > 0 ? guest.send({ cmd: 'suback', messageId, granted: [0x80] }) : false,
  );
  broker.cut();
  await lineLike(/^WARNING .* lets the application not subscribe to \/devices\/\+\/events$/);
});
