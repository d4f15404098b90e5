import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenShard, shardOf } from '../../src/commands/shard.ts';

const unknown = { index: 0, count: 1, origin: 'assumed' };

type Row = readonly [
  what: string,
  given: string | undefined,
  variables: Record<string, string>,
  host: string,
  is: object,
];
const rows: readonly Row[] = [
  ['nothing said: the whole, by assumption', undefined, {}, 'laptop', unknown],
  ['an ordinal without a number of workers says nothing', undefined, {}, 'iot-3', unknown],
  ['a number of workers without an ordinal says nothing', undefined, { KATYDID_SHARDS: '4' }, 'laptop', unknown],
  [
    'the ordinal of the pod, of KATYDID_SHARDS',
    undefined,
    { KATYDID_SHARDS: '4' },
    'iot-3',
    { index: 3, count: 4, origin: 'ordinal' },
  ],
  [
    'the old name of that number',
    undefined,
    { LTK_NUM_LOCUST_WORKERS: '2' },
    'iot-0',
    { index: 0, count: 2, origin: 'ordinal' },
  ],
  [
    'the new name wins',
    undefined,
    { KATYDID_SHARDS: '5', LTK_NUM_LOCUST_WORKERS: '2' },
    'iot-4',
    { index: 4, count: 5, origin: 'ordinal' },
  ],
  [
    'an empty variable says nothing',
    undefined,
    { KATYDID_SHARDS: '', LTK_NUM_LOCUST_WORKERS: '2' },
    'iot-1',
    { index: 1, count: 2, origin: 'ordinal' },
  ],
  [
    'a host name with a domain',
    undefined,
    { KATYDID_SHARDS: '12' },
    'my-iot-11.workers.svc.cluster.local',
    { index: 11, count: 12, origin: 'ordinal' },
  ],
  [
    'the variable HOSTNAME, where it has an ordinal',
    undefined,
    { KATYDID_SHARDS: '4', HOSTNAME: 'iot-2' },
    'laptop',
    { index: 2, count: 4, origin: 'ordinal' },
  ],
  [
    'the host name, where the variable has none',
    undefined,
    { KATYDID_SHARDS: '4', HOSTNAME: 'a1b2c3' },
    'iot-2',
    { index: 2, count: 4, origin: 'ordinal' },
  ],
  ['digits that are no ordinal', undefined, { KATYDID_SHARDS: '4' }, 'node3', unknown],
  ['the address of a machine in a cloud', undefined, { KATYDID_SHARDS: '4' }, 'ip-10-0-0-2.ec2.internal', unknown],
  ['the address of a node', undefined, { KATYDID_SHARDS: '4', HOSTNAME: 'node-10-0-0-2' }, 'laptop', unknown],
  ['an ordinal has no zeros before it', undefined, { KATYDID_SHARDS: '4' }, 'ubuntu-fra1-01', unknown],
  ['one worker needs no ordinal', undefined, { KATYDID_SHARDS: '1' }, 'laptop', { index: 0, count: 1 }],
  ['--shard wins over pod and variables', '1/8', { KATYDID_SHARDS: '4' }, 'iot-3', { index: 1, count: 8 }],
  ['--shard wins over what would be an error', '0/1', { KATYDID_SHARDS: '2' }, 'iot-3', { index: 0, count: 1 }],
];
for (const [what, given, variables, host, expected] of rows) {
  test(what, () => assert.deepEqual(shardOf(given, variables, host), expected));
}

test('an ordinal that is none of so many workers is an error with what to do', () => {
  assert.throws(() => shardOf(undefined, { LTK_NUM_LOCUST_WORKERS: '2' }, 'iot-2'), {
    name: 'UsageError',
    message:
      'the host name iot-2 says that this is worker 2, but LTK_NUM_LOCUST_WORKERS is 2, which makes them 0 to 1; ' +
      'set it to the replicas of the StatefulSet, or say which part this is: --shard 0/2',
  });
});

for (const number of ['two', '0', '-1', '2.5']) {
  test(`'${number}' is no number of workers`, () => {
    assert.throws(() => shardOf(undefined, { KATYDID_SHARDS: number }, 'iot-0'), {
      name: 'UsageError',
      message: `KATYDID_SHARDS is '${number}'; the number of workers is expected, such as 4`,
    });
  });
}

for (const given of ['', '4/4', '1', 'a/b', '-1/4', '1/0', '0.5/2']) {
  test(`'${given}' is no part`, () => {
    assert.throws(() => givenShard(given), { name: 'UsageError', message: /^--shard is .* such as 0\/4 … 3\/4$/ });
  });
}

test('a part that was not given is none', () => {
  assert.equal(givenShard(undefined), undefined);
});
