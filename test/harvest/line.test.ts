import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventSink, eventKinds } from '../../src/harvest/event.ts';
import { LineReader, type LineVerdict } from '../../src/harvest/line.ts';

type Told = readonly [kind: string | undefined, device: string, number: number, time: number, took: number];

function read(line: string): { readonly verdict: LineVerdict; readonly told: readonly Told[] } {
  const told: Told[] = [];
  const sink: EventSink = { add: (kind, ...rest) => told.push([eventKinds[kind], ...rest]) };
  return { verdict: new LineReader(sink).read(line), told };
}

const T = '2026-11-21T16:00:00.123Z';
const time = Date.parse(T) * 1000;
const words = `publishing LTK00001 payload 12 at ${T}`;

const prefixed: Readonly<Record<string, string>> = {
  'no prefix': words,
  "the logger's prefix": `[2026-11-21 16:00:00,160] host/INFO/katydid: ${words}`,
  "kubectl's": `[pod/katydid-iot-0/katydid] [2026-11-21 16:00:00,160] host/INFO/katydid: ${words}`,
  "docker compose's": `katydid-iot-0  | ${words}`,
  "docker compose's, in colour": `\u001b[36mkatydid-iot-0  | \u001b[0m${words}`,
  'JSON lines': `{"time":"2026-11-21T16:00:00.160Z","level":"INFO","msg":"${words}"}`,
  "docker's own JSON": JSON.stringify({ log: `[…] host/INFO/katydid: ${words}\n`, stream: 'stderr' }),
};

for (const [name, line] of Object.entries(prefixed)) {
  test(`a line is known by its words: ${name}`, () => {
    assert.deepEqual(read(line), { verdict: 'told', told: [['publishing', 'LTK00001', 12, time, 0]] });
  });
}

for (const kind of ['publishing', 'received', 'timeout', 'late', 'lost']) {
  test(`a line tells of a payload: ${kind}`, () => {
    assert.deepEqual(read(`${kind} d payload 1 at ${T}`).told, [[kind, 'd', 1, time, 0]]);
  });
}

test('an echo has its execution time', () => {
  assert.deepEqual(read(`echoed d payload 1 at ${T} took 3.2 ms`).told, [['echoed', 'd', 1, time, 3200]]);
});

test('a time may have no digits after the second, or more than three', () => {
  const second = Date.parse('2026-11-21T16:00:00Z') * 1000;
  assert.equal(read('late d payload 1 at 2026-11-21T16:00:00Z').told[0]?.[3], second);
  assert.equal(read('late d payload 1 at 2026-11-21T16:00:00.1234567Z').told[0]?.[3], second + 123_456);
});

test('a line that has lost its end holds two events', () => {
  const { verdict, told } = read(`${words} [2026-11-21 16:00:01,160] host/INFO/katydid: received b payload 3 at ${T}`);
  assert.equal(verdict, 'told');
  assert.deepEqual(
    told.map(([kind, device]) => [kind, device]),
    [
      ['publishing', 'LTK00001'],
      ['received', 'b'],
    ],
  );
});

const others = [
  '',
  '[…] host/INFO/katydid: sharded device range LTK00001..LTK00050 (50 of 100)',
  'connection lost',
  'received SIGTERM',
  'received 12 messages of the payload topic',
  'timeout after 30 s',
  `echoed d payload ? at ${T} took 3.2 ms`,
  `lost d payload ? at ${T}`,
  `unpublishing d payload 1 at ${T}`,
];

for (const line of others) {
  test(`a line is none of ours: '${line}'`, () => {
    assert.deepEqual(read(line), { verdict: 'other', told: [] });
  });
}

const torn = [
  'publishing LTK000',
  'publishing LTK00001 payl',
  'publishing LTK00001 payload 12 at 2026-11-21T16:00',
  'publishing LTK00001 payload 12 at 2026-11-21T16:00:00.1',
  'publishing LTK00001 payload -1 at 2026-11-21T16:00:00.123Z',
  'publishing LTK00001 payload 12 at 2026-02-30T16:00:00.123Z',
  'publishing LTK00001 payload 12 at 2026-11-21T25:00:00.123Z',
  'publishing LTK00001 payload 12 at 2026-11-21T16:00:00.123+01:00',
  'received LTK00001 payload',
  `echoed LTK00001 payload 12 at ${T}`,
  `echoed LTK00001 payload 12 at ${T} took 3`,
  `echoed LTK00001 payload 12 at ${T} took 3 m`,
  `publishing LTK00001 paypublishing LTK00002 payload 3 at ${T}`,
  '{"time":"2026-11-21T16:00:00.160Z","msg":"echoed LTK0',
];

for (const line of torn) {
  test(`a line is torn: '${line}'`, () => {
    assert.deepEqual(read(line), { verdict: 'torn', told: [] });
  });
}

test('what is whole in a torn line still counts', () => {
  const { verdict, told } = read(`${words} received LTK00002 payload`);
  assert.equal(verdict, 'torn');
  assert.equal(told.length, 1);
});
