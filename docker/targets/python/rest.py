"""The text classifier over REST: FastAPI on uvicorn, one process."""

import argparse
import json
import signal
import socket
import sys

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from model import Model, problem_of

MAX_BODY_LENGTH = 65_536
GRACE_SECONDS = 5
# Longer than the clients of a load test wait between two requests: who is closed meanwhile would count a failure.
KEEP_ALIVE_SECONDS = 75

# Instead of Starlette's own texts: what the other servers say.
REASONS = {404: "not found", 405: "method not allowed"}

model = Model()
# Calls of /predict, told at the end.
calls = 0
# No pages of documentation and no redirects: what is not in the list of paths is not found.
app = FastAPI(openapi_url=None, redirect_slashes=False)


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


# As RFC 8259 has it: no NaN, and numbers of any length.
_json = json.JSONDecoder(parse_constant=_no_json, parse_int=float)


def refuse(status: int, reason: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": reason}, status, headers)


@app.post("/predict")
async def predict(request: Request) -> JSONResponse:
    global calls
    calls += 1
    # Not a pydantic model: it would refuse with another status and other words than the servers in other languages.
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_LENGTH:
            reason = f"the body must not be longer than {MAX_BODY_LENGTH} bytes"
            return refuse(413, reason, {"connection": "close"})
    try:
        fields = _json.decode(body.decode("utf-8"))
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return refuse(400, "the body must be a JSON object")
    text = fields.get("text")
    if (problem := problem_of(text)) is not None:
        return refuse(400, problem)
    return JSONResponse({"category": model.predict(text)})


@app.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> JSONResponse:
    return JSONResponse({"status": "ok"})


@app.exception_handler(HTTPException)
async def on_http_exception(_: Request, error: HTTPException) -> JSONResponse:
    return refuse(error.status_code, REASONS.get(error.status_code, error.detail), dict(error.headers or {}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="127.0.0.1", help="interface to listen on; 0.0.0.0 for all")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on; 0 for any that is free")
    given = parser.parse_args()
    # uvicorn ends well, then raises the signal again for whoever had it before: for us that is an end without an error.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with socket.create_server((given.address, given.port), backlog=2048) as listening:
        host, port = listening.getsockname()[:2]
        print(f"classifier listens on {host}:{port} (rest)", file=sys.stderr, flush=True)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        try:
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            print(f"classifier had {calls} calls (rest)", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
