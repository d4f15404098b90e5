import { UsageError } from '../errors.ts';
import { nearest } from '../words.ts';
import type { MessageProperties, MqttMessage, Qos } from './message.ts';

/** For the listeners of the `request` event. */
interface Contextual {
  /** Under which it is counted, instead of what `nameOf` says. */
  readonly name?: string | undefined;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /** Seconds until it must be acknowledged; the class's `timeout` if not given. */
  readonly timeout?: number | undefined;
}

export interface PublishOptions extends Contextual {
  /** 0 if not given. */
  readonly qos?: Qos | undefined;
  /** The broker keeps it for whoever subscribes later. */
  readonly retain?: boolean | undefined;
  /** MQTT 5. */
  readonly properties?: MessageProperties | undefined;
}

export interface SubscribeOptions extends Contextual {
  /** 0 if not given. */
  readonly qos?: Qos | undefined;
  /** MQTT 5: none of one's own messages. */
  readonly noLocal?: boolean | undefined;
  /** MQTT 5: messages keep their `retain`. */
  readonly retainAsPublished?: boolean | undefined;
  /** MQTT 5: whether what the broker keeps is sent: 0 always, 1 with a new subscription only, 2 never. */
  readonly retainHandling?: 0 | 1 | 2 | undefined;
}

export interface UnsubscribeOptions extends Contextual {}

export interface ExchangeOptions extends PublishOptions {
  /**
   * Whether this is the answer. If not given, MQTT 5's correlation data say so (`protocolVersion = 5`); with MQTT 3.1.1
   * it is needed.
   */
  readonly matches?: ((message: MqttMessage) => boolean) | undefined;
  /** Seconds from the start until the answer must be there; the class's `timeout` if not given. */
  readonly timeout?: number | undefined;
  /** Of the answer's entry; `exchange:QOS:TOPIC` if not given. The publishing is counted by itself. */
  readonly name?: string | undefined;
  /** Type of the answer's entry; `MQTT` if not given. */
  readonly type?: string | undefined;
  /** If no answer comes in time, that is counted under this name, instead of `name`. */
  readonly timeoutName?: string | undefined;
  /** MQTT 5: where the answer is to go; `responses/CLIENTID` if not given. It is subscribed to when first used. */
  readonly responseTopic?: string | undefined;
}

const common = ['name', 'context', 'timeout'] as const;
const publish = [...common, 'qos', 'retain', 'properties'] as const;
type Operation = 'publish' | 'subscribe' | 'unsubscribe' | 'exchange';
const known: Readonly<Record<Operation, ReadonlySet<string>>> = {
  publish: new Set<string>(publish satisfies readonly (keyof PublishOptions)[]),
  subscribe: new Set<string>([
    ...common,
    'qos',
    'noLocal',
    'retainAsPublished',
    'retainHandling',
  ] satisfies readonly (keyof SubscribeOptions)[]),
  unsubscribe: new Set<string>(common satisfies readonly (keyof UnsubscribeOptions)[]),
  exchange: new Set<string>([
    ...publish,
    'matches',
    'type',
    'timeoutName',
    'responseTopic',
  ] satisfies readonly (keyof ExchangeOptions)[]),
};

/** What the compiler says in TypeScript, said in JavaScript. */
export function checkOptions(what: Operation, options: ExchangeOptions & SubscribeOptions): void {
  for (const name in options) {
    if (!known[what].has(name)) throw unknownOption(what, name);
  }
  checkSeconds(options.timeout, 'timeout');
}

/** `what` it is of. */
export function checkSeconds(seconds: number | undefined, what: string): void {
  if (seconds !== undefined && !(typeof seconds === 'number' && seconds > 0)) {
    throw new UsageError(`${what} is ${String(seconds)}; seconds above 0 are expected, or Infinity for no limit`);
  }
}

/** `what` it is of; the platform takes `max` at most. */
export function checkQos(qos: unknown, max: number, what: string): void {
  if (qos !== 0 && qos !== 1 && qos !== 2) throw new UsageError(`${what} is ${String(qos)}; 0, 1 or 2 is expected`);
  if (qos > max) throw new UsageError(`${what} is ${qos}; the platform takes no more than ${max}`);
}

function unknownOption(what: Operation, name: string): UsageError {
  const hint = nearest(name, [...known[what]]);
  const rest = hint === undefined ? `; it has ${[...known[what]].join(', ')}` : `; did you mean '${hint}'?`;
  return new UsageError(`${what} has no option '${name}'${rest}`);
}
