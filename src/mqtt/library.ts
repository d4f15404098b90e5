import { createRequire } from 'node:module';
import type * as Mqtt from 'mqtt';
import type * as Ws from 'ws';

const require = createRequire(import.meta.url);

/** Loaded with the first class of MQTT users: a thread without MQTT users saves its time and memory. */
export function mqtt(): typeof Mqtt {
  return require('mqtt') as typeof Mqtt;
}

/** Loaded when the first user connects to a websocket. */
export function webSocket(): typeof Ws {
  return require('ws') as typeof Ws;
}
