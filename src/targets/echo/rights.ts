import type { DevicePlatform, DeviceTopics } from '../../devices/platform.ts';
import { fillIn, type TemplateValues } from '../../devices/template.ts';
import { isOpen } from './guard.ts';

/** Where one device may publish and what it may subscribe to: its own topics and those below them. */
export class TopicRights {
  /** Payloads for the application come here. */
  readonly events: string;
  readonly #publishing: readonly string[];
  /** Undefined where all may be subscribed to. */
  readonly #receiving: readonly string[] | undefined;
  /** All devices publish to the same ones: what they hear there of others is not for them. */
  readonly #shared: readonly string[];

  constructor(platform: DevicePlatform, values: TemplateValues) {
    const { events, state, config, commands } = filled(platform.topics, values);
    this.events = events;
    const publishing = [events, state].filter((topic) => topic !== undefined);
    this.#shared = publishing.filter((topic) => Object.values(platform.topics).includes(topic));
    this.#publishing = isOpen(platform) ? [] : publishing;
    this.#receiving = isOpen(platform) ? undefined : [withoutWildcard(commands), config].filter((t) => t !== undefined);
  }

  /** Topics of the broker's own ($SYS) are nobody's: by them brokers tell each other whom to cut off. */
  mayPublish(topic: string): boolean {
    return this.#receiving === undefined ? !topic.startsWith('$') : isWithin(topic, this.#publishing);
  }

  /** Shared subscriptions are not what the broker does. */
  maySubscribe(filter: string): boolean {
    return this.#receiving === undefined ? !filter.startsWith('$share/') : isWithin(filter, this.#receiving);
  }

  /** Whether a message is for this device, whatever it has subscribed to. */
  mayReceive(topic: string): boolean {
    return this.#receiving === undefined || (isWithin(topic, this.#receiving) && !this.#shared.includes(topic));
  }
}

/** Where the application answers. A wildcard of one level stands for the number of the answer, as ThingsBoard has it. */
export function answerTopic({ topics }: DevicePlatform, values: TemplateValues, number: number): string {
  const commands = fillIn(topics.commands, values);
  return commands.endsWith('/+') ? `${commands.slice(0, -1)}${number}` : withoutWildcard(commands);
}

/** Below a topic of the device's own no wildcard reaches to another's. */
function isWithin(topic: string, own: readonly string[]): boolean {
  return own.some((each) => topic === each || topic.startsWith(`${each}/`));
}

function withoutWildcard(topic: string): string {
  return topic.replace(/\/[#+]$/, '');
}

function filled({ events, state, config, commands }: DeviceTopics, values: TemplateValues): DeviceTopics {
  return {
    events: fillIn(events, values),
    commands: fillIn(commands, values),
    ...(state === undefined ? {} : { state: fillIn(state, values) }),
    ...(config === undefined ? {} : { config: fillIn(config, values) }),
  };
}
