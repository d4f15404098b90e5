import { setTimeout as delay } from 'node:timers/promises';
import type { Model } from '../classifier/model.ts';
import type { Replica } from './balancer.ts';

/** A replica in this process: it takes its time, but no core. */
export class OwnReplica implements Replica {
  readonly #model: Model;
  readonly #serviceTime: number;

  /** @param serviceTime Milliseconds that each prediction takes. */
  constructor(model: Model, serviceTime: number) {
    this.#model = model;
    this.#serviceTime = serviceTime;
  }

  /** What is begun is finished, as a model does that nobody can interrupt. */
  async predict(text: string): Promise<number> {
    if (this.#serviceTime > 0) await delay(this.#serviceTime);
    return this.#model.predict(text);
  }
}
