import type { ChannelCredentials, ChannelOptions, Metadata } from '@grpc/grpc-js';
import { UsageError } from '../errors.ts';
import { contextOf, type TlsOptions } from '../user/tls.ts';
import { type ChannelPolicy, Channels } from './channels.ts';
import { grpc } from './library.ts';
import { type MetadataValues, metadataOf } from './metadata.ts';
import { checkDeadline } from './options.ts';
import { loadProto, type ProtoFile, type ProtoOptions } from './proto.ts';
import { type Service, type ServiceDefinition, serviceOfDefinition, serviceOfProto } from './service.ts';
import type { CallSettings } from './session.ts';
import { type Stub, stubOf } from './stub.ts';
import type { Target } from './target.ts';

/** Pings on a connection on which nothing happens. */
export interface Keepalive {
  /** Seconds of silence before a ping. */
  readonly time: number;
  /** Seconds to wait for its answer; 20 if not given. */
  readonly timeout?: number | undefined;
  /** Also while no call is in flight. */
  readonly withoutCalls?: boolean | undefined;
}

/** What a class of users says of itself. */
export interface GrpcStatics {
  readonly name: string;
  readonly proto: ProtoFile | readonly ProtoFile[] | undefined;
  readonly includeDirs: readonly ProtoFile[];
  readonly protoOptions: ProtoOptions;
  readonly definition: ServiceDefinition | undefined;
  readonly service: string | undefined;
  readonly channel: ChannelPolicy;
  readonly deadline: number;
  readonly metadata: MetadataValues | undefined;
  readonly tls: TlsOptions | undefined;
  readonly gzip: boolean;
  readonly keepalive: Keepalive | undefined;
  readonly maxReceiveBytes: number | undefined;
  readonly maxSendBytes: number | undefined;
  readonly roundRobin: boolean | undefined;
  readonly streamEntries: boolean;
  readonly channelOptions: Readonly<Record<string, string | number>>;
}

/** No longer than this between two tries to connect; gRPC's own two minutes outlast most tests. */
const maxBackoffMilliseconds = 10_000;

/** What the users of one class share in one load thread. Throws `UsageError` if the class cannot be used. */
export class GrpcSettings implements CallSettings {
  readonly deadline: number;
  readonly hasTls: boolean;
  readonly streamEntries: boolean;
  readonly values: MetadataValues | undefined;
  readonly metadata: Metadata;
  readonly channels: Channels;
  readonly stub: Stub;
  readonly #statics: GrpcStatics;
  readonly #folders: readonly string[];
  readonly #stubs = new Map<string | ServiceDefinition, Stub>();
  readonly #credentials = new Map<boolean, ChannelCredentials>();

  /** `folders`: where relative paths are looked for. */
  constructor(statics: GrpcStatics, folders: readonly string[]) {
    check(statics);
    const { deadline, tls, streamEntries, metadata, channel } = statics;
    this.#statics = statics;
    this.#folders = folders;
    this.deadline = deadline;
    this.hasTls = tls !== undefined;
    this.streamEntries = streamEntries;
    this.values = metadata;
    this.metadata = metadataOf(metadata);
    if (tls !== undefined) contextOf(tls);
    this.channels = new Channels({
      policy: channel,
      credentials: (isSecure) => this.#credentialsFor(isSecure),
      options: (target) => this.#optionsFor(target),
    });
    this.stub = stubOf(this.#service(statics.definition ?? statics.service));
  }

  /** The stub of another service of the same server: a name of the class's files, or a definition. */
  stubFor(service: string | ServiceDefinition): Stub {
    let stub = this.#stubs.get(service);
    if (stub === undefined) {
      stub = stubOf(this.#service(service));
      this.#stubs.set(service, stub);
    }
    return stub;
  }

  #service(service: string | ServiceDefinition | undefined): Service {
    const { name: className, proto, includeDirs, protoOptions: options } = this.#statics;
    if (typeof service === 'object') return serviceOfDefinition(service, className);
    if (proto === undefined) {
      throw new UsageError(
        `${className} has neither static proto = '…/service.proto' nor static definition = a generated service definition`,
      );
    }
    const files = (Array.isArray(proto) ? proto : [proto]) as readonly ProtoFile[];
    const loaded = loadProto({ files, includeDirs, options, folders: this.#folders, className });
    return serviceOfProto(loaded, service, className);
  }

  #credentialsFor(isSecure: boolean): ChannelCredentials {
    let made = this.#credentials.get(isSecure);
    if (made === undefined) {
      const { tls } = this.#statics;
      const { credentials } = grpc();
      made = isSecure
        ? credentials.createFromSecureContext(
            contextOf(tls),
            tls?.insecure === true ? { rejectUnauthorized: false } : {},
          )
        : credentials.createInsecure();
      this.#credentials.set(isSecure, made);
    }
    return made;
  }

  #optionsFor(target: Target): ChannelOptions {
    const { tls, gzip, keepalive, maxReceiveBytes, maxSendBytes, channelOptions } = this.#statics;
    const { roundRobin = target.isMany } = this.#statics;
    const options: ChannelOptions = {
      // Connections are shared by sharing channels, as the policy says, never behind its back.
      'grpc.use_local_subchannel_pool': 1,
      // Each attempt is a sample; a retried one would be slow instead of failed.
      'grpc.enable_retries': 0,
      'grpc.enable_channelz': 0,
      // No look-up of a TXT record for each channel; nothing from the environment, as with HTTP.
      'grpc.service_config_disable_resolution': 1,
      'grpc.enable_http_proxy': 0,
      'grpc.max_reconnect_backoff_ms': maxBackoffMilliseconds,
    };
    if (roundRobin) options['grpc.service_config'] = JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] });
    if (tls?.servername !== undefined) {
      options['grpc.ssl_target_name_override'] = tls.servername;
      options['grpc.default_authority'] = tls.servername;
    }
    if (gzip) options['grpc.default_compression_algorithm'] = grpc().compressionAlgorithms.gzip;
    if (keepalive !== undefined) {
      options['grpc.keepalive_time_ms'] = keepalive.time * 1000;
      options['grpc.keepalive_timeout_ms'] = (keepalive.timeout ?? 20) * 1000;
      options['grpc.keepalive_permit_without_calls'] = keepalive.withoutCalls === true ? 1 : 0;
    }
    if (maxReceiveBytes !== undefined) options['grpc.max_receive_message_length'] = maxReceiveBytes;
    if (maxSendBytes !== undefined) options['grpc.max_send_message_length'] = maxSendBytes;
    return { ...options, ...channelOptions };
  }
}

function check({ name, channel, deadline, keepalive, maxReceiveBytes, maxSendBytes }: GrpcStatics): void {
  checkDeadline(deadline, `${name}.deadline`);
  const size = typeof channel === 'object' && channel !== null ? channel.pool : 1;
  if (
    (typeof channel !== 'object' && channel !== 'per-user' && channel !== 'shared') ||
    !Number.isInteger(size) ||
    size < 1
  ) {
    const given = typeof channel === 'object' ? JSON.stringify(channel) : `'${String(channel)}'`;
    throw new UsageError(`${name}.channel is ${given}; 'per-user', 'shared' or { pool: 4 } is expected`);
  }
  if (keepalive !== undefined && !(keepalive.time > 0 && (keepalive.timeout ?? 1) > 0)) {
    throw new UsageError(
      `${name}.keepalive is ${JSON.stringify(keepalive)}; { time: 30, timeout: 10 }, in seconds, is expected`,
    );
  }
  for (const [what, bytes] of Object.entries({ maxReceiveBytes, maxSendBytes })) {
    if (bytes !== undefined && !(Number.isInteger(bytes) && bytes >= -1)) {
      throw new UsageError(`${name}.${what} is ${String(bytes)}; bytes are expected, or -1 for no limit`);
    }
  }
}
