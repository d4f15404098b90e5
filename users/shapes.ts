import { between, burst, HttpUser, ramp, stages, steady, type Tasks } from 'katydid';

/** Looks at the home page. For `katydid target website`. */
export class VisitorUser extends HttpUser {
  static host = 'http://127.0.0.1:8080';
  static waitTime = between(1, 3);
  static tasks = { index: 1 } satisfies Tasks<VisitorUser>;

  async index() {
    await this.client.get('/');
  }
}

/** A day in ten minutes: see it with `katydid shape users/shapes.ts`. */
export const day = stages([
  steady({ users: 5, duration: 60 }),
  ramp({ users: 50, duration: 120 }),
  burst({ users: 50, peak: 120, duration: 180, every: 60, length: 15 }),
  { duration: 120, users: 80, rampTime: 30 },
  ramp({ users: 5, duration: 90, hold: 30 }),
]);
