// A bare loop over mqtt.js, no user class, no statistics: `mqtt-bare.ts URL USERS QOS`.

import type { Socket } from 'node:net';
import { connectAsync } from 'mqtt';
import { payload } from './payload.ts';

const [, , url = '', users, level] = process.argv;
const qos = level === '1' ? 1 : 0;

/** Its own topic, without a pause; one message at a time. */
async function visit(user: number): Promise<void> {
  const client = await connectAsync(url, { reconnectPeriod: 0, resubscribe: false, queueQoSZero: false });
  // Otherwise an acknowledgement waits 40 ms for the next packet (Nagle).
  (client.stream as Socket).setNoDelay(true);
  const topic = `bench/${user}`;
  const text = JSON.stringify(payload);
  let heard: (length: number) => void = () => {};
  client.on('message', (_topic, { length }) => heard(length));
  client.on('error', fail).on('close', () => fail(new Error('the connection was closed')));
  await client.subscribeAsync(topic, { qos });
  for (;;) {
    await new Promise<number>((resolve) => {
      heard = resolve;
      client.publish(topic, text, { qos }, (error) => {
        if (error) fail(error);
      });
    });
  }
}

function fail(error: Error): never {
  throw error;
}

for (let user = 0; user < Number(users); user++) void visit(user);
