// The public API: names only.
export {
  CatchResponseError,
  ControlFlow,
  HTTPError,
  InterruptTaskSet,
  RescheduleTask,
  RescheduleTaskImmediately,
  StopTest,
  StopUser,
} from './errors.ts';
export type { EventHook, Listener } from './events.ts';
export { FastHttpUser } from './http/fast-http-user.ts';
export { HttpUser } from './http/http-user.ts';
export type { Auth, Part, RequestOptions, SessionOptions, TlsOptions } from './http/options.ts';
export type { HttpResponse } from './http/response.ts';
export { HttpSession } from './http/session.ts';
export type { CatchResponse, Caught } from './http/verdict.ts';
export type { EntrySnapshot, ErrorSnapshot, StatsSnapshot } from './stats/snapshot.ts';
export type { CustomMessage, Environment, Runner, Share } from './user/environment.ts';
export { events, type RequestEvent } from './user/events.ts';
export { defineOptions, type OptionSpec, type OptionValues, type ParsedOptions } from './user/options.ts';
export { type Shape, type Stage, stages } from './user/shape.ts';
export { share } from './user/share.ts';
export { SequentialTaskSet, TaskSet } from './user/task-set.ts';
export type { Sequence, Tasks, TaskTable, Weight } from './user/tasks.ts';
export { type Measurement, User } from './user/user.ts';
export { between, constant, constantPacing, constantThroughput, poisson, type WaitTime } from './user/wait-time.ts';
