// gRPC: a user class and its client; calls are made by grpc-js, timed, and counted one by one.
import type { Environment } from '../user/environment.ts';
import type { TlsOptions } from '../user/tls.ts';
import { User, type UserClass } from '../user/user.ts';
import type { ChannelPolicy } from './channels.ts';
import type { GrpcClient } from './client.ts';
import type { MetadataValues } from './metadata.ts';
import type { ProtoFile, ProtoOptions } from './proto.ts';
import type { ServiceDefinition } from './service.ts';
import { type CallingUser, GrpcSession } from './session.ts';
import { GrpcSettings, type Keepalive } from './settings.ts';

/**
 * A user with a gRPC client. The service comes from `.proto` files (`proto`, `service`) or from generated code
 * (`definition`); `S` says which methods it has. Each call is counted as `grpc` and `/package.Service/Method`; it never
 * throws for a bad answer or none, but returns it with its `status`.
 *
 * @example
 * interface Classifier {
 *   predict: Unary<{ text: string }, { category: number }>;
 * }
 * export class TextUser extends GrpcUser<Classifier> {
 *   static host = 'localhost:50051';
 *   static proto = 'text.proto';
 *   static service = 'text.v1.Classifier';
 *   static tasks = { predict: 1 } satisfies Tasks<TextUser>;
 *   async predict() {
 *     await this.client.predict({ text: 'a text' }, { deadline: 2 });
 *   }
 * }
 */
export class GrpcUser<S = string> extends User implements CallingUser {
  static override abstract: boolean = true;
  static override readonly needsHost: boolean = true;
  /** The `.proto` file or files, looked for beside the user file, then in the working folder. */
  static proto: ProtoFile | readonly ProtoFile[] | undefined = undefined;
  /** Folders at which the imports of the files begin; without any, an import is looked for beside its file. */
  static includeDirs: readonly ProtoFile[] = [];
  /** How messages become objects. By default camelCase names, defaults filled in, enums and 64-bit numbers as texts. */
  static protoOptions: ProtoOptions = {};
  /** A generated service definition, of grpc-js or nice-grpc, instead of `proto`. */
  static definition: ServiceDefinition | undefined = undefined;
  /** `package.Service` of `proto`; needed if the files define several. */
  static service: string | undefined = undefined;
  /** Who shares a connection: each user has its own by default, as with HTTP. */
  static channel: ChannelPolicy = 'per-user';
  /** Seconds until a call must have ended, unless it says otherwise; `Infinity` for none. */
  static deadline: number = 60;
  /** Sent with each call. */
  static metadata: MetadataValues | undefined = undefined;
  /** Hosts without `http://` are spoken to over TLS then. */
  static tls: TlsOptions | undefined = undefined;
  /** Requests are compressed; responses are read however they come. */
  static gzip: boolean = false;
  static keepalive: Keepalive | undefined = undefined;
  /** A longer message is the failure `RESOURCE_EXHAUSTED`; 4 MB by default, as in all of gRPC. -1 for no limit. */
  static maxReceiveBytes: number | undefined = undefined;
  static maxSendBytes: number | undefined = undefined;
  /** Calls go to all addresses in turn; by default for hosts like `dns:///name:port` and lists of addresses. */
  static roundRobin: boolean | undefined = undefined;
  /**
   * Streams have two more entries: `NAME [first message]`, the time to it, and `NAME [messages]`, without a time, whose
   * content size is how many there were.
   */
  static streamEntries: boolean = false;
  /** Anything else that grpc-js knows: `{ 'grpc.primary_user_agent': 'shop' }`. */
  static channelOptions: Readonly<Record<string, string | number>> = {};

  /** A method for each call of the service. */
  readonly client: GrpcClient<S>;
  /** Sent with each call of this user; to change it, set it anew. */
  metadata: MetadataValues | undefined = undefined;
  readonly #session: GrpcSession;

  constructor(environment: Environment) {
    super(environment);
    const settings = settingsOf(this.constructor as typeof GrpcUser);
    this.#session = new GrpcSession(this, settings);
    this.client = new settings.stub(this.#session) as GrpcClient<S>;
  }

  /** Finds what is wrong with the class when its file is loaded; relative paths are looked for in `folders`. */
  static checkClass(userClass: UserClass, folders: readonly string[]): void {
    const grpcClass = userClass as unknown as typeof GrpcUser;
    settings.set(grpcClass, new GrpcSettings(grpcClass, [...folders, process.cwd()]));
  }

  /**
   * Metadata that are fetched for each call, such as a token that is renewed in time; their time is not counted. Only
   * if a class has it.
   */
  credentials?(): MetadataValues | Promise<MetadataValues>;

  /** A client of another service of the same server, on the same connection. */
  clientOf<T = string>(service: string | ServiceDefinition): GrpcClient<T> {
    const stub = settingsOf(this.constructor as typeof GrpcUser).stubFor(service);
    return new stub(this.#session) as GrpcClient<T>;
  }

  /** Closes the connection once its calls have ended; the next call opens another. */
  disconnect(): void {
    this.#session.close();
  }
}

const settings = new WeakMap<typeof GrpcUser, GrpcSettings>();

/** One object a class, not one a user. Not the host: the web UI may change it between two tests. */
function settingsOf(userClass: typeof GrpcUser): GrpcSettings {
  let known = settings.get(userClass);
  if (known === undefined) {
    known = new GrpcSettings(userClass, [process.cwd()]);
    settings.set(userClass, known);
  }
  return known;
}
