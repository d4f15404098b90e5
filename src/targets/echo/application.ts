import { toError } from '../../errors.ts';
import { log } from '../../log.ts';
import type { Counters } from './counters.ts';
import { type Loss, lossOf, randomOf } from './loss.ts';
import type { EchoOptions, EchoRules } from './options.ts';

/** How the application answers. */
export interface Answering {
  /** Milliseconds from a payload to its answer, from least to most; each in between is as likely. */
  readonly delay: readonly [number, number];
  readonly loss: Loss;
  readonly seed: number;
  /** Whether each payload is a line of the log. */
  readonly logsPayloads: boolean;
}

/** Hands an answer to the device; resolves when the broker has taken it. */
export type Answer = (device: string, payload: Buffer) => Promise<void>;

/** The application behind the broker: answers each payload with the same bytes to the device that sent it. */
export class EchoApplication {
  readonly #answering: Answering;
  readonly #answer: Answer;
  readonly #counters: Counters;
  readonly #random: () => number;
  readonly #waiting = new Set<NodeJS.Timeout>();

  constructor(answering: Answering, answer: Answer, counters: Counters) {
    this.#answering = answering;
    this.#answer = answer;
    this.#counters = counters;
    // Apart from the loss, so that the same payloads are lost with and without a delay.
    this.#random = randomOf(answering.seed + 1);
  }

  /** A payload has arrived. */
  receive(device: string, payload: Buffer): void {
    const arrived = performance.now();
    this.#counters.received++;
    const { delay, loss, logsPayloads } = this.#answering;
    if (loss()) {
      this.#counters.lost++;
      if (logsPayloads) log.info(`lost ${word(device)} payload ${numberOf(payload)} at ${now()}`);
      return;
    }
    const [least, most] = delay;
    const pause = least + (most - least) * this.#random();
    if (pause === 0) {
      this.#echo(device, payload, arrived);
      return;
    }
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#echo(device, payload, arrived);
    }, pause);
    this.#waiting.add(timer);
  }

  /** Gives up what was not answered yet. */
  close(): void {
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }

  #echo(device: string, payload: Buffer, arrived: number): void {
    this.#answer(device, payload).then(
      () => {
        this.#counters.echoed++;
        if (!this.#answering.logsPayloads) return;
        const took = (performance.now() - arrived).toFixed(1);
        log.info(`echoed ${word(device)} payload ${numberOf(payload)} at ${now()} took ${took} ms`);
      },
      (thrown: unknown) => {
        this.#counters.failed++;
        log.warning(`the answer to ${word(device)} payload ${numberOf(payload)} failed: ${toError(thrown).message}`);
      },
    );
  }
}

/** The application that the options ask for. */
export function applicationOf(
  { loss = 0, lossEvery, seed = 1, logsPayloads = true }: EchoOptions,
  { delay }: EchoRules,
  counters: Counters,
  answer: Answer,
): EchoApplication {
  const rule = lossEvery === undefined ? { chance: loss } : { every: lossEvery };
  return new EchoApplication({ delay, loss: lossOf(rule, seed), seed, logsPayloads }, answer, counters);
}

const now = (): string => new Date().toISOString();

/** A name that is more than a word could pass for another line of the log: where anybody is let in, it is anything. */
function word(name: string): string {
  return name.replace(/[\s\p{C}]/gu, '·');
}

/** The payload's number as its device gave it; `?` for a payload of another kind. Nothing else of it comes into the log. */
function numberOf(payload: Buffer): string {
  try {
    const { payload: number } = JSON.parse(payload.toString()) as { payload?: unknown };
    return Number.isSafeInteger(number) ? String(number) : '?';
  } catch {
    return '?';
  }
}
