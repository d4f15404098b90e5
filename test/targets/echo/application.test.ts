import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { EchoApplication } from '../../../src/targets/echo/application.ts';
import { Counters } from '../../../src/targets/echo/counters.ts';
import { lossOf, randomOf } from '../../../src/targets/echo/loss.ts';
import { heard, lineLike, lines, payload, Scene } from './scene.ts';

test('each answer is a line with the time that it took', async (t) => {
  const scene = await Scene.start(t);
  const before = Date.now();
  await scene.echoOf(await scene.listening(), payload(12));
  const [, at = '', took] =
    /^INFO echoed LTK00001 payload 12 at (\S+Z) took (\d+\.\d) ms$/.exec(await lineLike(/ echoed /)) ?? [];
  assert.ok(Date.parse(at) >= before && Date.parse(at) <= Date.now(), at);
  assert.ok(Number(took) >= 0 && Number(took) <= Date.now() - before + 1, took);
});

test('the time that an answer took holds its delay', async (t) => {
  const scene = await Scene.start(t, { delay: [40, 45] });
  const device = await scene.listening();
  const before = performance.now();
  await scene.echoOf(device, payload(1));
  assert.ok(performance.now() - before >= 39);
  const [, took] = / took (\d+\.\d) ms$/.exec(await lineLike(/ echoed /)) ?? [];
  assert.ok(Number(took) >= 39, took);
});

test('a delay delays no other answer', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const answered: string[] = [];
  const answering = { delay: [40, 40], loss: () => false, seed: 1, logsPayloads: true } as const;
  const answer = async (device: string): Promise<void> => void answered.push(device);
  const application = new EchoApplication(answering, answer, new Counters());
  application.receive('LTK00001', Buffer.from(payload(1)));
  t.mock.timers.tick(1);
  application.receive('LTK00002', Buffer.from(payload(1)));
  t.mock.timers.tick(39);
  assert.deepEqual(answered, ['LTK00001']);
  t.mock.timers.tick(1);
  assert.deepEqual(answered, ['LTK00001', 'LTK00002']);
});

test('delays are spread from the least to the most', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let answered = 0;
  const answering = { delay: [10, 50], loss: () => false, seed: 1, logsPayloads: false } as const;
  const answer = async (): Promise<void> => void answered++;
  const application = new EchoApplication(answering, answer, new Counters());
  for (let number = 0; number < 400; number++) application.receive('LTK00001', Buffer.from(payload(number)));
  const atTimes = [9, 20, 30, 40, 51].map((time, at, times) => {
    t.mock.timers.tick(time - (times[at - 1] ?? 0));
    return answered / 400;
  });
  for (const [at, part] of [0, 0.25, 0.5, 0.75, 1].entries()) {
    assert.ok(Math.abs((atTimes[at] ?? -1) - part) < 0.08, atTimes.join());
  }
});

test('each third payload is dropped, and said', async (t) => {
  const scene = await Scene.start(t, { lossEvery: 3 });
  const device = await scene.listening();
  const answers: string[] = [];
  device.on('message', (_, text) => answers.push(text.toString()));
  for (let number = 1; number <= 7; number++) device.publish(scene.topics().events, payload(number), { qos: 1 });
  while (answers.length < 5) await heard(device, 'message');
  assert.deepEqual(
    answers,
    [1, 2, 4, 5, 7].map((number) => payload(number)),
  );
  assert.deepEqual(
    lines.filter((line) => line.includes(' lost ')).map((line) => line.replace(/ at .*/, '')),
    ['INFO lost LTK00001 payload 3', 'INFO lost LTK00001 payload 6'],
  );
});

test('with the same seed the same payloads are lost', () => {
  const lostOf = (seed: number): string => {
    const loss = lossOf({ chance: 0.3 }, seed);
    return Array.from({ length: 200 }, () => (loss() ? 'x' : '.')).join('');
  };
  assert.equal(lostOf(7), lostOf(7));
  assert.notEqual(lostOf(7), lostOf(8));
});

test('as many are lost as was said', () => {
  const loss = lossOf({ chance: 0.01 }, 1);
  const lost = Array.from({ length: 100_000 }, loss).filter(Boolean).length;
  assert.ok(lost > 900 && lost < 1100, String(lost));
});

test('nothing is lost with a chance of 0, all with 1', () => {
  const never = lossOf({ chance: 0 }, 1);
  const always = lossOf({ chance: 1 }, 1);
  assert.deepEqual(
    [Array.from({ length: 1000 }, never).includes(true), Array.from({ length: 1000 }, always).includes(false)],
    [false, false],
  );
});

test('random numbers are spread evenly from 0 up to 1', () => {
  const random = randomOf(1);
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let at = 0; at < 10_000; at++) {
    const tenth = Math.floor(random() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  assert.ok(
    tenths.every((count) => count > 850 && count < 1150),
    tenths.join(),
  );
});

test('a payload of another kind is answered as well; nothing of it comes into the log', async (t) => {
  const scene = await Scene.start(t);
  const device = await scene.listening();
  for (const text of ['not JSON\nat all', '{"payload":"12 at once"}', 'null', '']) {
    assert.equal((await scene.echoOf(device, text))[1], text);
  }
  await turn();
  const echoed = lines.filter((line) => line.includes('echoed LTK'));
  assert.ok(echoed.length >= 3 && echoed.every((line) => line.startsWith('INFO echoed LTK00001 payload ? at ')));
});

test('the log can go without payloads', async (t) => {
  const scene = await Scene.start(t, { logsPayloads: false, lossEvery: 2 });
  const device = await scene.listening();
  await scene.echoOf(device, payload(1));
  await device.publishAsync(scene.topics().events, payload(2), { qos: 1 });
  while (scene.echo.counters.echoed + scene.echo.counters.lost < 2) await turn();
  assert.equal(lines.filter((line) => / echoed | lost /.test(line.replace(/^INFO echo: .*/, ''))).length, 0);
});

test('an answer that no broker takes is counted and said', async () => {
  lines.length = 0;
  const counters = new Counters();
  const answering = { delay: [0, 0], loss: () => false, seed: 1, logsPayloads: true } as const;
  const application = new EchoApplication(answering, () => Promise.reject(new Error('gone')), counters);
  application.receive('LTK00001', Buffer.from(payload(3)));
  await turn();
  assert.deepEqual([counters.echoed, counters.failed], [0, 1]);
  assert.deepEqual(lines, ['WARNING the answer to LTK00001 payload 3 failed: gone']);
});

test('at its end it says what it has counted', async (t) => {
  const scene = await Scene.start(t, { lossEvery: 2 });
  const device = await scene.listening();
  await scene.echoOf(device, payload(1));
  await device.publishAsync(scene.topics().events, payload(2), { qos: 1 });
  await scene.connect(scene.login('LTK00003')).catch(() => {});
  while (scene.echo.counters.lost < 1) await turn();
  await scene.echo.close();
  assert.equal(lines.at(-1), 'INFO echo: 1 connects, 1 refused (1 unknown device), 2 received, 1 echoed, 1 lost');
});

test('every ten seconds it says what it has counted, if that has changed', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  lines.length = 0;
  const counters = new Counters();
  t.mock.timers.tick(10_000);
  counters.received++;
  t.mock.timers.tick(9_999);
  assert.deepEqual(lines, []);
  t.mock.timers.tick(20_001);
  assert.deepEqual(lines, ['INFO echo: 0 connects, 1 received, 0 echoed, 0 lost']);
});
