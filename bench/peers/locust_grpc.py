"""Locust with grpcio as its documentation shows it, a connection for each user, as bench/users/grpc.ts."""

import time
from urllib.parse import urlsplit

import grpc
import grpc.experimental.gevent as grpc_gevent
import text_pb2
import text_pb2_grpc
from locust import User, task

grpc_gevent.init_gevent()

TEXT = "The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features"


class RequestEvents(grpc.UnaryUnaryClientInterceptor):
    def __init__(self, environment):
        self.environment = environment

    def intercept_unary_unary(self, continuation, call_details, request):
        response = None
        exception = None
        length = 0
        start = time.perf_counter()
        try:
            response = continuation(call_details, request)
            length = response.result().ByteSize()
        except grpc.RpcError as error:
            exception = error
        self.environment.events.request.fire(
            request_type="grpc",
            name=call_details.method,
            response_time=(time.perf_counter() - start) * 1000,
            response_length=length,
            response=response,
            context=None,
            exception=exception,
        )
        return response


class Visitor(User):
    def __init__(self, environment):
        super().__init__(environment)
        options = [("grpc.use_local_subchannel_pool", 1)]
        channel = grpc.insecure_channel(urlsplit(self.host).netloc, options=options)
        self.stub = text_pb2_grpc.ClassifierStub(grpc.intercept_channel(channel, RequestEvents(environment)))

    @task
    def predict(self):
        self.stub.Predict(text_pb2.PredictRequest(text=TEXT))
