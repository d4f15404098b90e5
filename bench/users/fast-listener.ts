import { events } from 'katydid';

export { Visitor } from './fast.ts';

/** What a user's own listener may do with each request. */
let slow = 0;
events.request.addListener(({ responseTime }) => {
  if (responseTime !== null && responseTime > 1000) slow++;
});
events.testStop.addListener(() => {
  if (slow > 0) process.stdout.write(`${slow} requests took more than a second\n`);
});
