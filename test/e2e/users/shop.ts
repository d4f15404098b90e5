// The users of the end-to-end tests: each tells the target that it came and went.
import { constant, defineOptions, HttpUser, type Tasks } from 'katydid';

export const options = defineOptions({
  tenant: { default: 'green', help: 'whose shop' },
  maxItems: { default: 3 },
});

class Counted extends HttpUser {
  static override abstract = true;

  override async onStart(): Promise<void> {
    await this.client.post(`/arrive/${this.constructor.name}`);
  }
  override async onStop(): Promise<void> {
    await this.client.post(`/leave/${this.constructor.name}`);
  }
}

export class BrowserUser extends Counted {
  static override weight = 3;
  static override waitTime = constant(0.2);
  static override tasks = {
    browse: { weight: 2, tags: ['read'] },
    order: { tags: ['write'] },
  } satisfies Tasks<BrowserUser>;

  async browse(): Promise<void> {
    await this.client.get('/browse');
  }
  async order(): Promise<void> {
    await this.client.post('/order', { json: { item: 7 } });
  }
}

export class BuyerUser extends Counted {
  static override waitTime = constant(0.2);
  static override tasks = { pay: { tags: ['write'] } } satisfies Tasks<BuyerUser>;

  async pay(): Promise<void> {
    await this.client.post('/pay');
  }
}

export class AdminUser extends Counted {
  static override fixedCount = 2;
  static override waitTime = constant(0.2);
  static override tasks = { watch: { tags: ['read'] } } satisfies Tasks<AdminUser>;

  async watch(): Promise<void> {
    await this.client.get('/admin');
  }
}

/** Meets failures, and throws one error a task of its own. */
export class FaultyUser extends Counted {
  static override waitTime = constant(0.3);
  static override tasks = { failing: 1, dropped: 1, broken: 1 } satisfies Tasks<FaultyUser>;

  async failing(): Promise<void> {
    await this.client.get('/fail');
  }
  async dropped(): Promise<void> {
    await this.client.get('/drop');
  }
  async broken(): Promise<void> {
    await this.client.get('/broken');
    throw new Error('the shop is broken');
  }
}

/** Tells the target what the web UI told it. */
export class OptionUser extends Counted {
  static override waitTime = constant(0.3);
  static override tasks = { tell: 1 } satisfies Tasks<OptionUser>;

  async tell(): Promise<void> {
    const { tenant, maxItems } = this.environment.parsedOptions;
    await this.client.get(`/told/${tenant}/${maxItems}`);
  }
}
