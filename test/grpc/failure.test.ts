import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureText, statusName, withoutVariables } from '../../src/grpc/failure.ts';

/** What is different each time → what is shown. */
const texts: readonly (readonly [said: string, shown: string])[] = [
  ['Connection dropped', 'Connection dropped'],
  ['14 UNAVAILABLE', '14 UNAVAILABLE'],
  [
    'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:50051. Resolution note: ',
    'No connection established. Last error: Error: connect ECONNREFUSED …',
  ],
  ['Protocol error (2026-11-21T13:29:38.776Z)', 'Protocol error'],
  ['connect ECONNREFUSED ::1:50051', 'connect ECONNREFUSED …'],
  ['no route to [fe80::1]:443', 'no route to …'],
  ['refused by localhost:8080', 'refused by …'],
  ['Deadline exceeded after 0.101s,LB pick: 0.002s,remote_addr=127.0.0.1:50051', 'Deadline exceeded'],
  ['Deadline exceeded after 5.000s,waiting for name resolution', 'Deadline exceeded, waiting for name resolution'],
  [
    'Deadline exceeded after 1s,name resolution: 0.1s,Waiting for LB pick',
    'Deadline exceeded, waiting for a connection',
  ],
  ['Received message larger than max (20971520 vs. 4194304)', 'Received message larger than max (… vs. …)'],
  [
    'Received RST_STREAM with code 2 (Internal server error)',
    'Received RST_STREAM with code 2 (Internal server error)',
  ],
  ['Received HTTP status code 502', 'Received HTTP status code 502'],
  ['order 4b7c0f3e-9c1d-4f4e-8f59-0d0b1a2c3d4e is gone', 'order … is gone'],
  ['trace 4bf92f3577b34da6a3ce929d0e0e4736', 'trace …'],
  ['<Thing object at 0x7f3a2c>', '<Thing object at …>'],
  ['user 123456 not found', 'user … not found'],
  ['field 3 is empty', 'field 3 is empty'],
  ['took 12.5 ms', 'took …'],
  ['since 2026-11-21 09:41:41,042', 'since …'],
  ['defaced facade', 'defaced facade'],
  ['broken\n  at line 3\n  at line 4', 'broken'],
  ['', ''],
];
for (const [said, shown] of texts) {
  test(`'${said.split('\n')[0]}' is shown as '${shown}'`, () => {
    assert.equal(withoutVariables(said), shown);
  });
}

test('the status comes first; alone, if nothing was said', () => {
  assert.equal(failureText(14, 'Connection dropped'), 'UNAVAILABLE: Connection dropped');
  assert.equal(failureText(5, ''), 'NOT_FOUND');
});

test('a code that gRPC does not know is UNKNOWN', () => {
  assert.deepEqual(
    [statusName(0), statusName(16), statusName(17), statusName(-1)],
    ['OK', 'UNAUTHENTICATED', 'UNKNOWN', 'UNKNOWN'],
  );
});
