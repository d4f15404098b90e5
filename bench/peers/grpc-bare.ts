// A bare loop over grpc-js, no user class, no statistics: `grpc-bare.ts URL USERS per-user|shared`.
import { fileURLToPath } from 'node:url';
import {
  type ChannelOptions,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { payload } from './payload.ts';

const [, , url = '', users, policy] = process.argv;
const { host } = new URL(url);
const proto = fileURLToPath(new URL('../../protos/text.proto', import.meta.url));
/** What the channels of katydid's users have, so that only the client differs. */
const options: ChannelOptions = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_retries': 0,
  'grpc.enable_channelz': 0,
  'grpc.service_config_disable_resolution': 1,
};

interface Client {
  predict(request: object, done: (error: ServiceError | null, response: { readonly category: number }) => void): void;
}

const { text } = loadPackageDefinition(
  loadSync(proto, { longs: String, enums: String, defaults: true, oneofs: true }),
) as unknown as { readonly text: { readonly v1: { readonly Classifier: ServiceClientConstructor } } };
const connect = (): Client => new text.v1.Classifier(host, credentials.createInsecure(), options) as unknown as Client;

async function visit(client: Client): Promise<void> {
  for (;;) {
    await new Promise<number>((resolve, reject) => {
      client.predict({ text: payload.text }, (error, response) => {
        if (error === null) resolve(response.category);
        else reject(error);
      });
    });
  }
}

const shared = policy === 'shared' ? connect() : undefined;
for (let user = 0; user < Number(users); user++) void visit(shared ?? connect());
