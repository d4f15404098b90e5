// A user that measures nothing, but tells of times that are known: nine in ten are the first, one in ten the second.
import { constant, events, type Tasks, User } from 'katydid';

const known = { tenths: [12.34, 45.64], hundreds: [123.4, 456.4], seconds: [1234, 4564] } as const;

export class SteadyUser extends User {
  static override waitTime = constant(60);
  static override tasks = { tell: 1 } satisfies Tasks<SteadyUser>;

  tell(): void {
    for (const [name, [usual, slow]] of Object.entries(known)) {
      for (let at = 0; at < 1000; at++) {
        const responseTime = at % 10 === 9 ? slow : usual;
        events.request.fire({ requestType: 'TOLD', name, responseTime, responseLength: 0 });
      }
    }
  }
}
