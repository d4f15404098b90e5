// Users that do nothing but be there, and a shape with all that a curve can have.
import { burst, ramp, sine, stages, steady, type Tasks, User } from 'katydid';

export class IdleUser extends User {
  static override tasks = { rest: 1 } satisfies Tasks<IdleUser>;

  async rest(): Promise<void> {
    await this.sleep(1);
  }
}

export const curve = stages([
  steady({ users: 20, duration: 6, rampTime: 3 }),
  ramp({ users: 60, duration: 10 }),
  burst({ users: 30, peak: 90, duration: 10, every: 10, length: 4 }),
  sine({ users: 30, peak: 70, duration: 20 }),
  { duration: 6, users: 3, rampTime: 4 },
]);
