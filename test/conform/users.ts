// The TypeScript twin of conform_users.py: the same classes with the same behaviour, as README.md describes them.
import { defineOptions, events } from 'katydid';
import { say, speakThrough } from './users/say.ts';

export * from './users/endless.ts';
export * from './users/hooks.ts';
export * from './users/samples.ts';
export * from './users/settings.ts';

export const options = defineOptions({
  conformText: { default: 'default' },
  conformNum: { default: 7 },
  conformFlag: { default: false },
  conformList: { default: ['a', 'b'], multiple: true },
});

const announce = (event: string, data: Record<string, unknown> = {}): void => {
  say('conform_event', { event, ...data });
};

events.init.addListener(({ environment }) => {
  speakThrough(environment);
  // with several threads each has its listeners; the scenarios expect one answer a worker
  if (environment.thread.index !== 0) return;
  environment.runner.registerMessage('conform_echo', ({ data }) => {
    say('conform_echo_reply', { echo: data, index: environment.runner.workerIndex });
  });
  environment.runner.registerMessage('conform_boom', () => {
    throw new Error('conform custom message boom');
  });
  events.testStart.addListener(() => announce('test_start'));
  events.testStopping.addListener(() => announce('test_stopping'));
  events.testStop.addListener(() => announce('test_stop'));
  events.spawningComplete.addListener(({ userCount }) => announce('spawning_complete', { user_count: userCount }));
});
