import type { CallOptions } from './options.ts';
import type { GrpcResponse } from './response.ts';
import type { GenericDefinition, GrpcJsDefinition } from './service.ts';
import type { GrpcStream } from './stream.ts';

/** A list, or an (async) generator, that gives requests one after the other. */
export type Requests<Q> = Iterable<Q> | AsyncIterable<Q>;

/** A call of one request and one response. */
export type Unary<Q, R> = (request: Q, options?: CallOptions<R>) => Promise<GrpcResponse<R>>;
/** A call of many requests and one response. */
export type ClientStreaming<Q, R> = (requests: Requests<Q>, options?: CallOptions<R>) => Promise<GrpcResponse<R>>;
/** A call of one request and many responses. */
export type ServerStreaming<Q, R> = (request: Q, options?: CallOptions<R>) => GrpcStream<R>;
/** A call of many requests and many responses. Without `requests` they are sent by `write` and `end` of the stream. */
export type BidiStreaming<Q, R> = (requests?: Requests<Q>, options?: CallOptions<R>) => GrpcStream<R, Q>;

/** A message of which no type is known. */
export type LooseMessage = Readonly<Record<string, unknown>>;

/** A method of which only the name is known: of whatever kind. */
export type LooseMethod = (
  request?: LooseMessage | Requests<LooseMessage>,
  options?: CallOptions<LooseMessage>,
) => Promise<GrpcResponse<LooseMessage>> & GrpcStream<LooseMessage, LooseMessage>;

/**
 * The client of a service, by what is known of it: an interface of `Unary`, `ServerStreaming` … by the names of the
 * methods; the type of a generated definition; the names alone (`'predict' | 'train'`); nothing.
 */
export type GrpcClient<S> = [S] extends [string]
  ? { readonly [K in S]: LooseMethod }
  : S extends { readonly fullName: string; readonly methods: infer M }
    ? { readonly [K in keyof M]: OfGeneric<M[K]> }
    : { readonly [K in keyof S]: S[K] extends (...given: never[]) => unknown ? S[K] : OfGrpcJs<S[K]> };

type Call<Q, R, I, O> = I extends true
  ? O extends true
    ? BidiStreaming<Q, R>
    : ClientStreaming<Q, R>
  : O extends true
    ? ServerStreaming<Q, R>
    : Unary<Q, R>;

type GenericMethod = GenericDefinition['methods'][string];
type OfGeneric<M> = M extends GenericMethod
  ? Call<Sparse<MessageIn<M>>, ReturnType<M['responseType']['decode']>, M['requestStream'], M['responseStream']>
  : never;
type MessageIn<M extends GenericMethod> = M['requestType'] extends { encode(message: infer Q, ...rest: never): unknown }
  ? Q
  : never;

type GrpcJsMethod = GrpcJsDefinition[string];
type OfGrpcJs<M> = M extends GrpcJsMethod
  ? Call<
      Parameters<M['requestSerialize']>[0],
      ReturnType<M['responseDeserialize']>,
      M['requestStream'],
      M['responseStream']
    >
  : never;

/** ts-proto fills in what is left out. */
type Sparse<T> = T extends Uint8Array | Date | bigint | ((...given: never[]) => unknown)
  ? T
  : T extends readonly (infer E)[]
    ? readonly Sparse<E>[]
    : T extends object
      ? { readonly [K in keyof T]?: Sparse<T[K]> }
      : T;
