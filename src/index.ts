// The public API: names only.

export type { Algorithm, Device } from './devices/device.ts';
export type { DevicePlatform, DeviceTopics, TokenRules } from './devices/platform.ts';
export type { PlatformName } from './devices/platforms.ts';
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
export type { ChannelPolicy } from './grpc/channels.ts';
export type {
  BidiStreaming,
  ClientStreaming,
  GrpcClient,
  LooseMessage,
  LooseMethod,
  Requests,
  ServerStreaming,
  Unary,
} from './grpc/client.ts';
export { GrpcError, type StatusName } from './grpc/failure.ts';
export { GrpcUser } from './grpc/grpc-user.ts';
export type { MetadataValues } from './grpc/metadata.ts';
export type { CallOptions } from './grpc/options.ts';
export type { ProtoFile, ProtoOptions } from './grpc/proto.ts';
export type { GrpcResponse } from './grpc/response.ts';
export type { ServiceDefinition } from './grpc/service.ts';
export type { Keepalive } from './grpc/settings.ts';
export type { GrpcStream } from './grpc/stream.ts';
export { FastHttpUser } from './http/fast-http-user.ts';
export type { Auth } from './http/headers.ts';
export { HttpUser } from './http/http-user.ts';
export type { Part, RequestOptions, SessionOptions } from './http/options.ts';
export type { HttpResponse } from './http/response.ts';
export { HttpSession } from './http/session.ts';
export type { CatchResponse, Caught } from './http/verdict.ts';
export type { BackOff } from './mqtt/back-off.ts';
export type { MqttClient, Payload } from './mqtt/client.ts';
export type { Devices } from './mqtt/device-source.ts';
export { MqttError } from './mqtt/failure.ts';
export type { MessageListener } from './mqtt/inbox.ts';
export type { MessageProperties, MqttMessage, Qos } from './mqtt/message.ts';
export { MqttUser } from './mqtt/mqtt-user.ts';
export type { MqttKind } from './mqtt/names.ts';
export type { ExchangeOptions, PublishOptions, SubscribeOptions, UnsubscribeOptions } from './mqtt/options.ts';
export type { MqttResponse } from './mqtt/response.ts';
export type { ConnectProperties, Will } from './mqtt/settings.ts';
export type { EntrySnapshot, ErrorSnapshot, StatsSnapshot } from './stats/snapshot.ts';
export { type ArrivalOptions, type Arrivals, type Spacing, scheduled } from './user/arrivals.ts';
export type { CustomMessage, Environment, Runner, Share } from './user/environment.ts';
export { events, type RequestEvent } from './user/events.ts';
export { type CsvRow, type Feeder, type FeederOptions, feeder } from './user/feeder.ts';
export { LoadTestShape, type ShapeTick } from './user/load-test-shape.ts';
export { defineOptions, type OptionSpec, type OptionValues, type ParsedOptions } from './user/options.ts';
export { type Shape, type Stage, stages } from './user/shape.ts';
export { type BurstOptions, burst } from './user/shapes/burst.ts';
export { type RampOptions, ramp } from './user/shapes/ramp.ts';
export { type SineOptions, sine } from './user/shapes/sine.ts';
export { type SpikeOptions, spike } from './user/shapes/spike.ts';
export { type SteadyOptions, steady } from './user/shapes/steady.ts';
export { type StepOptions, step } from './user/shapes/step.ts';
export { shard } from './user/shard.ts';
export { SequentialTaskSet, TaskSet } from './user/task-set.ts';
export type { TaskTable, Weight } from './user/task-table.ts';
export type { Sequence, Tasks } from './user/tasks.ts';
export type { TlsOptions } from './user/tls.ts';
export { type Measurement, User } from './user/user.ts';
export { between, constant, constantPacing, constantThroughput, poisson, type WaitTime } from './user/wait-time.ts';
