// What the users below say to the fake master, and record.
import { type Environment, events } from 'katydid';

/** An hour: until the user is stopped. */
export const forever = 3600;

let environment: Environment | undefined;

/** Where messages go from now on: known from the init event. */
export const speakThrough = (known: Environment): void => {
  environment = known;
};

/** Sends a custom message to the master. */
export const say = (type: string, data: unknown): void => {
  environment?.runner.sendMessage(type, data);
};

/** Records one sample, as a client of one's own would. Times in ms. */
export const fire = (
  requestType: string,
  name: string,
  responseTime: number | null,
  responseLength: number,
  exception?: string,
): void => {
  events.request.fire({ requestType, name, responseTime, responseLength, exception });
};
