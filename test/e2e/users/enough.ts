// Users that end the whole run, each in one of the ways that there are.
import { constant, defineOptions, HttpUser, StopTest, type Tasks } from 'katydid';

export const options = defineOptions({
  way: { default: 'none', choices: ['none', 'stop-test', 'quit', 'exit-code', 'wait'] },
});

export class EnoughUser extends HttpUser {
  static override waitTime = constant(0.05);
  static override tasks = { go: 1 } satisfies Tasks<EnoughUser>;
  #count = 0;

  async go(): Promise<void> {
    const { way } = options.of(this.environment);
    await this.client.get('/go');
    if (++this.#count < 5) return;
    if (way === 'stop-test') throw new StopTest('that is enough');
    if (way === 'quit') this.environment.runner.quit();
    if (way === 'exit-code') this.environment.processExitCode = 42;
    if (way === 'wait') await this.sleep(60);
  }

  override async onStop(): Promise<void> {
    await this.client.post('/stopped');
  }
}
