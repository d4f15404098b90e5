import { UsageError } from '../errors.ts';
import type { Qos } from './message.ts';
import { checkQos } from './options.ts';

/** What is counted. */
export type MqttKind =
  | 'connect'
  | 'disconnect'
  | 'reconnect'
  | 'JWT refresh'
  | 'subscribe'
  | 'unsubscribe'
  | 'publish'
  | 'exchange';

/** Who says how entries are named. */
export interface Naming {
  nameOf(kind: MqttKind, qos: Qos, topic: string): string;
}

/** `/devices/{id}/events` of `/devices/LTK00001/events`: the levels of a topic that are `id`. */
export function templateOf(topic: string, id: string): string {
  if (!topic.includes(id)) return topic;
  return topic
    .split('/')
    .map((level) => (level === id ? '{id}' : level))
    .join('/');
}

/** Topics may hold what is different each time; so many are remembered. */
const maxNames = 500;

/** The name that was asked for last. */
class Last {
  topic = '';
  qos: Qos = 0;
  name = '';
}

/** The names of the entries of one user. Most users publish to one topic all the time, which costs two comparisons. */
export class Names {
  readonly #naming: Naming;
  readonly #maxQos: Qos;
  readonly #publish: Last = new Last();
  #exchange: Last | undefined = undefined;
  #all: Map<string, string> | undefined = undefined;

  constructor(naming: Naming, maxQos: Qos) {
    this.#naming = naming;
    this.#maxQos = maxQos;
  }

  publish(qos: Qos, topic: string): string {
    return this.#again(this.#publish, 'publish', qos, topic);
  }

  exchange(qos: Qos, topic: string): string {
    this.#exchange ??= new Last();
    return this.#again(this.#exchange, 'exchange', qos, topic);
  }

  #again(last: Last, kind: MqttKind, qos: Qos, topic: string): string {
    if (topic !== last.topic || qos !== last.qos || topic === '') {
      last.name = this.of(kind, qos, topic);
      last.topic = topic;
      last.qos = qos;
    }
    return last.name;
  }

  /** Throws `UsageError` if MQTT, or the platform, has no such topic or QoS. */
  of(kind: MqttKind, qos: Qos, topic: string): string {
    const key = `${kind} ${qos} ${topic}`;
    this.#all ??= new Map();
    let name = this.#all.get(key);
    if (name === undefined) {
      checkTopic(topic, kind === 'publish' || kind === 'exchange');
      checkQos(qos, this.#maxQos, 'qos');
      name = this.#naming.nameOf(kind, qos, topic);
      if (this.#all.size >= maxNames) this.#all.clear();
      this.#all.set(key, name);
    }
    return name;
  }
}

function checkTopic(topic: string, isExact: boolean): void {
  if (typeof topic !== 'string' || topic === '' || topic.includes('\0') || Buffer.byteLength(topic) > 65_535) {
    throw new UsageError(`the topic is '${String(topic)}'; a text such as 'devices/1/events' is expected`);
  }
  if (isExact && /[+#]/.test(topic)) {
    throw new UsageError(`nothing can be published to '${topic}': + and # are for subscriptions`);
  }
  if (!isExact && !/^(?:\+|#$|[^+#/]*)(?:\/(?:\+|#$|[^+#/]*))*$/.test(topic)) {
    throw new UsageError(`'${topic}' is no filter of topics: + must be a whole level, # the last one`);
  }
}
