// MQTT round trips through Mosquitto per CPU-second of the load generator: katydid beside other tools, in interleaved
// rounds. Each user publishes to a topic of its own, waits until the message comes back, and publishes the next one.
// `npm run build && node --import tsx bench/mqtt.ts [--rounds 5] [--users 100] [--only name,…] [--plot file.svg]`
import { compare } from './comparison.ts';
import { type Generator, katydidWorker } from './generator.ts';
import { Mosquitto } from './mqtt-broker.ts';
import { bareMqtt, locustMqtt, type MeasuredQos } from './mqtt-peers.ts';
import type { Ratio } from './ratios.ts';

const levels = [
  { qos: 0, overLocust: 5 },
  { qos: 1, overLocust: 6 },
] as const satisfies readonly { readonly qos: MeasuredQos; readonly overLocust: number }[];

const own = (qos: MeasuredQos): string => `katydid MqttUser QoS ${qos}`;
const bare = (qos: MeasuredQos): string => `bare mqtt.js QoS ${qos}`;
const locust = (qos: MeasuredQos): string => `Locust MqttUser QoS ${qos}`;

const generators: readonly Generator[] = levels.flatMap(({ qos }) => [
  bareMqtt(bare(qos), qos),
  { ...katydidWorker(own(qos), 'mqtt'), env: { BENCH_QOS: String(qos) } },
  locustMqtt(locust(qos), qos),
]);

const ratios: readonly Ratio[] = levels.flatMap(({ qos, overLocust }) => [
  { of: own(qos), to: bare(qos), wanted: 0.9 },
  { of: own(qos), to: locust(qos), wanted: overLocust },
]);

await compare({
  generators,
  ratios,
  target: () => Mosquitto.start(),
  unit: 'round trips',
  users: 'mqtt',
  counts: '100',
  title: 'MQTT round trips through Mosquitto per CPU-second of the generator',
  isInPlot: () => true,
});
