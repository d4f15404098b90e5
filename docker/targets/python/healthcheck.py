"""Whether the server in this container answers: healthcheck.py rest|grpc [port]."""

import sys

TIMEOUT_SECONDS = 2


def rest(port: int) -> bool:
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    connection.request("GET", "/healthz")
    return connection.getresponse().status == 200


def grpc(port: int) -> bool:
    from grpc import insecure_channel
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    with insecure_channel(f"127.0.0.1:{port}") as channel:
        request = health_pb2.HealthCheckRequest()
        answer = health_pb2_grpc.HealthStub(channel).Check(request, timeout=TIMEOUT_SECONDS)
        return answer.status == health_pb2.HealthCheckResponse.SERVING


if __name__ == "__main__":
    # Whatever goes wrong is an exception, which is exit code 1 too.
    what, *port = sys.argv[1:]
    is_well = grpc(int(*port or [50051])) if what == "grpc" else rest(int(*port or [8000]))
    sys.exit(0 if is_well else 1)
