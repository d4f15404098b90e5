import { between, type Tasks, User } from 'katydid';

/** Does next to nothing, and waits: so that ten thousand of them fit into one worker. */
export class PatientUser extends User {
  static waitTime = between(1, 5);
  static tasks = { look: 1 } satisfies Tasks<PatientUser>;

  async look(): Promise<void> {
    await this.measure('LOOK', 'around', () => this.sleep(0.01));
  }
}
