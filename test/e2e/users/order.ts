// The same users as in order.py, for runs of both against one target.
import { constantPacing, events, HttpUser, type Tasks } from 'katydid';

class Counted extends HttpUser {
  static override abstract = true;
  static override waitTime = constantPacing(0.5);

  override async onStart(): Promise<void> {
    await this.client.post(`/arrive/${this.constructor.name}`);
  }
}

export class Light extends Counted {
  static override tasks = { get: 1 } satisfies Tasks<Light>;
  async get(): Promise<void> {
    await this.client.get('/light');
  }
}

export class Heavy extends Counted {
  static override weight = 3;
  static override tasks = { get: 1 } satisfies Tasks<Heavy>;
  async get(): Promise<void> {
    await this.client.get('/heavy');
  }
}

export class Failing extends Counted {
  static override tasks = { get: 1 } satisfies Tasks<Failing>;
  async get(): Promise<void> {
    await this.client.get('/fail');
  }
}

/** Says how long its requests took, so that both have the same percentiles. */
export class Timed extends Counted {
  static override fixedCount = 2;
  static override tasks = { tell: 1 } satisfies Tasks<Timed>;
  #count = 0;
  tell(): void {
    const responseTime = ++this.#count % 10 === 0 ? 987 : 103;
    events.request.fire({ requestType: 'TELL', name: 'times', responseTime, responseLength: 10 });
  }
}
