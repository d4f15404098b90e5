"""The text classifier over gRPC: grpcio on asyncio, one process.

text_pb2 and text_pb2_grpc are made from protos/text.proto by grpcio-tools: see the Dockerfile.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import AsyncIterator

import grpc
import text_pb2
import text_pb2_grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from model import Model, problem_of, words_of

GRACE_SECONDS = 5
SERVICE = text_pb2.DESCRIPTOR.services_by_name["Classifier"].full_name


class Classifier(text_pb2_grpc.ClassifierServicer):
    def __init__(self, model: Model) -> None:
        self._model = model
        self.calls = 0  # told at the end

    async def Predict(
        self, request: text_pb2.PredictRequest, context: grpc.aio.ServicerContext
    ) -> text_pb2.PredictResponse:
        self.calls += 1
        return text_pb2.PredictResponse(category=await self._category(request.text, context))

    async def PredictAll(
        self, requests: AsyncIterator[text_pb2.PredictAllRequest], context: grpc.aio.ServicerContext
    ) -> text_pb2.PredictAllResponse:
        self.calls += 1
        sums = text_pb2.PredictAllResponse()
        async for request in requests:
            category = await self._category(request.text, context)
            sums.texts += 1
            sums.counts[category] += 1
        return sums

    async def PredictWords(
        self, request: text_pb2.PredictWordsRequest, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[text_pb2.PredictWordsResponse]:
        self.calls += 1
        if (problem := problem_of(request.text)) is not None:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, problem)
        for word in words_of(request.text):
            yield text_pb2.PredictWordsResponse(word=word, category=self._model.predict(word))

    async def PredictEach(
        self, requests: AsyncIterator[text_pb2.PredictEachRequest], context: grpc.aio.ServicerContext
    ) -> AsyncIterator[text_pb2.PredictEachResponse]:
        self.calls += 1
        async for request in requests:
            yield text_pb2.PredictEachResponse(category=await self._category(request.text, context))

    async def _category(self, text: str, context: grpc.aio.ServicerContext) -> int:
        if (problem := problem_of(text)) is not None:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, problem)
        return self._model.predict(text)


async def serve(address: str, port: int) -> None:
    # Without SO_REUSEPORT a second server on the port would take half of its calls, unseen.
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    classifier = Classifier(Model())
    text_pb2_grpc.add_ClassifierServicer_to_server(classifier, server)
    state = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(state, server)
    reflection.enable_server_reflection((SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    port = server.add_insecure_port(f"{address}:{port}")
    for service in ("", SERVICE):
        await state.set(service, health_pb2.HealthCheckResponse.SERVING)
    await server.start()
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    print(f"classifier listens on {address}:{port} (grpc)", file=sys.stderr, flush=True)
    await ending.wait()
    await state.enter_graceful_shutdown()
    await server.stop(GRACE_SECONDS)
    print(f"classifier had {classifier.calls} calls (grpc)", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="127.0.0.1", help="interface to listen on; 0.0.0.0 for all")
    parser.add_argument("--port", type=int, default=50051, help="port to listen on; 0 for any that is free")
    given = parser.parse_args()
    asyncio.run(serve(given.address, given.port))


if __name__ == "__main__":
    main()
