import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { loadSync } from '@grpc/proto-loader';
import { GrpcUser } from '../../src/grpc/grpc-user.ts';
import { serviceIn, Target, textProto } from './target.ts';
import { rowsOf, userOf } from './user-under-test.ts';

const loaded = serviceIn(loadSync(textProto, { defaults: true }));

/** As `grpc_tools_node_protoc` and ts-proto generate it for grpc-js. */
const grpcJsDefinition = {
  predict: {
    path: '/text.v1.Classifier/Predict',
    requestStream: false,
    responseStream: false,
    requestSerialize: (request: { text: string }): Buffer =>
      loaded.Predict?.requestSerialize(request) ?? Buffer.alloc(0),
    responseDeserialize: (bytes: Buffer): { category: number } =>
      loaded.Predict?.responseDeserialize(bytes) as { category: number },
  },
  predictWords: {
    path: '/text.v1.Classifier/PredictWords',
    requestStream: false,
    responseStream: true,
    requestSerialize: (request: { text: string }): Buffer =>
      loaded.PredictWords?.requestSerialize(request) ?? Buffer.alloc(0),
    responseDeserialize: (bytes: Buffer): { word: string } =>
      loaded.PredictWords?.responseDeserialize(bytes) as { word: string },
  },
} as const;

interface TextMessage {
  text: string;
  tags: string[];
}
const TextMessage = {
  encode(message: TextMessage, _writer?: object): { finish(): Uint8Array } {
    assert.deepEqual(message.tags, []);
    return { finish: () => new Uint8Array(grpcJsDefinition.predict.requestSerialize({ text: message.text })) };
  },
  decode: (_bytes: Uint8Array | object, _length?: number): TextMessage => ({ text: '', tags: [] }),
  fromPartial: (object: object): TextMessage => ({ text: '', tags: [], ...object }),
};
interface CategoryMessage {
  category: number;
}
const CategoryMessage = {
  encode: (_message: CategoryMessage): { finish(): Uint8Array } => ({ finish: () => new Uint8Array() }),
  decode: (bytes: Uint8Array | object, _length?: number): CategoryMessage =>
    grpcJsDefinition.predict.responseDeserialize(Buffer.from(bytes as Uint8Array)),
  fromPartial: (object: object): CategoryMessage => ({ category: 0, ...object }),
};

/** As ts-proto generates it for nice-grpc. */
const genericDefinition = {
  name: 'Classifier',
  fullName: 'text.v1.Classifier',
  methods: {
    predict: {
      name: 'Predict',
      requestType: TextMessage,
      requestStream: false,
      responseType: CategoryMessage,
      responseStream: false,
      options: {},
    },
    predictEach: {
      name: 'PredictEach',
      requestType: TextMessage,
      requestStream: true,
      responseType: CategoryMessage,
      responseStream: true,
      options: {},
    },
  },
} as const;

class GrpcJsUser extends GrpcUser<typeof grpcJsDefinition> {
  static override definition = grpcJsDefinition;
}

class GenericUser extends GrpcUser<typeof genericDefinition> {
  static override definition = genericDefinition;
}

async function hostOf(t: TestContext): Promise<string> {
  return (await Target.start(t)).host;
}

test('a definition generated for grpc-js is a client with its types', async (t) => {
  GrpcJsUser.host = await hostOf(t);
  const user = userOf(t, GrpcJsUser);
  const { response } = await user.client.predict({ text: 'four' });
  const category: number | undefined = response?.category;
  const words: string[] = [];
  for await (const { word } of user.client.predictWords({ text: 'to be' })) words.push(word);
  assert.deepEqual([category, words], [4, ['to', 'be']]);
  assert.deepEqual(rowsOf(user), ['grpc /text.v1.Classifier/Predict 1', 'grpc /text.v1.Classifier/PredictWords 1']);
});

test('a definition generated for nice-grpc is one, too; what is left out of a request is filled in', async (t) => {
  GenericUser.host = await hostOf(t);
  const user = userOf(t, GenericUser);
  const { response } = await user.client.predict({ text: 'four' });
  const category: number | undefined = response?.category;
  const each: number[] = [];
  for await (const answer of user.client.predictEach([{ text: 'a' }, {}])) each.push(answer.category);
  assert.deepEqual([category, each], [4, [1, 0]]);
  assert.deepEqual(rowsOf(user), ['grpc /text.v1.Classifier/Predict 1', 'grpc /text.v1.Classifier/PredictEach 1']);
});

test('a user of one definition may call a service of another', async (t) => {
  GrpcJsUser.host = await hostOf(t);
  const user = userOf(t, GrpcJsUser);
  const other = user.clientOf<typeof genericDefinition>(genericDefinition);
  assert.equal((await other.predict({ text: 'four' })).response?.category, 4);
});
