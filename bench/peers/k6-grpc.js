// k6: unary calls, a connection for each virtual user.
import grpc from 'k6/net/grpc';

const text =
  'The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features';
const client = new grpc.Client();
client.load(['../../protos'], 'text.proto');
let isConnected = false;

export default function visit() {
  if (!isConnected) client.connect(__ENV.URL.replace('http://', ''), { plaintext: true });
  isConnected = true;
  client.invoke('text.v1.Classifier/Predict', { text });
}
