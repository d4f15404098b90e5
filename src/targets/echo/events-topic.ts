import type { DevicePlatform } from '../../devices/platform.ts';
import { fillIn, type TemplateValues } from '../../devices/template.ts';

/** The topics on which devices publish their payloads, of all devices at once. */
export class EventsTopic {
  /** For a subscription: `/devices/+/events`; undefined where the topic does not say which device it is. */
  readonly filter: string | undefined;
  readonly #before: string;
  readonly #after: string;

  constructor({ topics }: DevicePlatform, values: TemplateValues) {
    const mark = '\0';
    const [before = '', after] = fillIn(topics.events, { ...values, device: mark }).split(mark);
    this.filter = after === undefined ? undefined : `${before}+${after}`;
    this.#before = before;
    this.#after = after ?? '';
  }

  /** Whose events these are; undefined if it is another topic. */
  deviceOf(topic: string): string | undefined {
    if (this.filter === undefined || !topic.startsWith(this.#before) || !topic.endsWith(this.#after)) return undefined;
    const device = topic.slice(this.#before.length, topic.length - this.#after.length);
    return device === '' || device.includes('/') ? undefined : device;
  }
}
