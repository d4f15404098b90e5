// One user class for each language and protocol: pick those to compare in the web UI.
import { GrpcTextUser } from '../../users/grpc.ts';
import { RestTextUser } from '../../users/rest.ts';

const proto = '../../protos/text.proto';

export class RestInNode extends RestTextUser {
  static override host = 'http://classifier-node:8000';
}

export class RestInPython extends RestTextUser {
  static override host = 'http://classifier-python-rest:8000';
}

export class RestInGo extends RestTextUser {
  static override host = 'http://classifier-go-rest:8000';
}

export class GrpcInNode extends GrpcTextUser {
  static override host = 'classifier-node:50051';
  static override proto = proto;
}

export class GrpcInPython extends GrpcTextUser {
  static override host = 'classifier-python-grpc:50051';
  static override proto = proto;
}

export class GrpcInGo extends GrpcTextUser {
  static override host = 'classifier-go-grpc:50051';
  static override proto = proto;
}
