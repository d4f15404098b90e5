"""Writes golden.json: what Python Locust itself puts on the wire. Run it with a Python that has locust 2.47 installed:

python test/protocol/golden.py
"""

import datetime
import json
import os
import pathlib
import sys

os.environ.setdefault("LOCUST_SKIP_MONKEY_PATCH", "1")

import locust.stats
from locust import argument_parser
from locust.rpc.protocol import Message
from locust.stats import RequestStats, StatsError, bucket_response_time

WORKER = "pod-3_0123456789abcdef0123456789abcdef"
START = 1795246983.25


class Clock:
    """Stands in for the module `time` in locust.stats."""

    now = START

    def time(self):
        return self.now


clock = Clock()
locust.stats.time = clock


def wire(message_type, data, node_id=WORKER):
    return Message(message_type, data, node_id).serialize().hex()


def report():
    """As WorkerRunner._send_stats: the statistics first, then the listener that adds the users."""
    stats = RequestStats()
    stats.total.start_time = START
    idle = stats.get("/idle", "GET")
    assert idle.num_requests == 0
    requests = [
        (0.0, "GET", "/", 145, 1000, None),
        (0.5, "GET", "/", 2.5, 200, None),
        (1.25, "POST", "/cart/[item]", 99.5, 0, "HTTPError('500 Server Error: Internal Server Error for url: /cart/[item]')"),
        (1.75, "POST", "/cart/[item]", 12345.678, 70000, None),
        (2.0, "GET", "/", 7, 4294967296, "it's \"ça\"\n\t\\ \u2028 \U0001f980"),
        (2.25, "MQTT", "téléphone ☎", None, 0, None),
        (2.5, "GET", "/", 145.625, 1, "it's \"ça\"\n\t\\ \u2028 \U0001f980"),
    ]
    for at, method, name, response_time, length, error in requests:
        clock.now = START + at
        stats.log_request(method, name, response_time, length)
        if error:
            stats.log_error(method, name, error)
    data = {
        "stats": stats.serialize_stats(),
        "stats_total": stats.total.get_stripped_report(),
        "errors": stats.serialize_errors(),
        "user_classes_count": {"ShopUser": 3, "Größe": 0, "constructor": 40000},
        "user_count": 40003,
    }
    return data


def spawn(extra=(), **changes):
    options = argument_parser.parse_options(
        ["-f", "-", "--master", "--tags", "read", "write", "--expect-workers", "2", "--run-time", "1h30m", *extra]
    )
    return {
        "timestamp": 1795246983.7251806,
        "user_classes_count": {"ShopUser": 3, "RestUser": 0},
        "host": "https://shop.example",
        "stop_timeout": 0.5,
        "parsed_options": {**vars(options), "tenant": "ümlaut", "depth": 3, "since": datetime.datetime(2026, 2, 28, 23, 59, 59, 123456)},
        **changes,
    }


texts = [
    "",
    "plain",
    "it's",
    'say "no"',
    "it's \"both\"",
    "back\\slash",
    "line\nfeed\r\ttab",
    "\x00\x07\x1b\x7f\x80\x9f\xa0\xad",
    "é ß 漢字 한국어",
    "\u200b\u200e\u2028\u2029\u3000\ufeff",
    "\ue000 \uffff \U000e0001",
    "\U0001f980 crab",
    "CatchResponseError('no name')",
    "ConnectionRefusedError(111, 'Connection refused')",
]
times = [0, 0.4, 0.5, 1.5, 2.5, 99.5, 99.6, 100, 105, 115, 125, 145, 999, 995, 1050, 1150, 1250, 9950, 10500, 11500, 58760]

custom = {
    "text": "漢",
    "none": None,
    "yes": True,
    "no": False,
    "ints": [0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 9007199254740991],
    "negatives": [-1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -9007199254740991],
    "floats": [0.1, -2.5, 1e300],
    "huge": [2**63 - 1, -(2**63), 2**64 - 1],
    "bin": bytes(range(256)),
    "long text": "x" * 300,
    "list": list(range(20)),
    "map": {f"key{i}": i for i in range(20)},
    "at": datetime.datetime(2026, 1, 31, 23, 59, 58, 123000),
    "empty": [{}, [], "", b""],
}

golden = {
    "worker": {
        "clientReady": wire("client_ready", -1),
        "heartbeat": wire("heartbeat", {"state": "running", "current_cpu_usage": 12.5, "current_memory_usage": 123456789}),
        "stats": wire("stats", report()),
        "spawning": wire("spawning", None),
        "spawningComplete": wire(
            "spawning_complete", {"user_classes_count": {"ShopUser": 3, "RestUser": 0}, "user_count": 3}
        ),
        "clientStopped": wire("client_stopped", None),
        "quit": wire("quit", None),
        "exception": wire("exception", {"msg": "boom \U0001f4a5", "traceback": "  File \"a.py\", line 1\n" * 20}),
        "logs": wire("logs", {"worker_id": WORKER, "logs": ["one", "two"]}),
        "custom": wire("custom", custom),
        "integerKeys": wire("integerKeys", {150: 2, "150": 3, -7: 1, 1795246983: 4, True: 5}),
    },
    "master": {
        "ack": wire("ack", {"index": 4}),
        "ackOfOldMaster": wire("ack", None),
        "spawn": wire("spawn", spawn()),
        "spawnOfOldMaster": wire(
            "spawn",
            {"timestamp": 1795246983, "user_classes_count": {"A": 1}, "host": "", "stop_timeout": None},
        ),
        "spawningComplete": wire("spawning_complete", {"user_count": 12}),
        "stop": wire("stop", None),
        "quit": wire("quit", None),
        "heartbeat": wire("heartbeat", None),
        "reconnect": wire("reconnect", None),
        "updateUserClass": wire(
            "update_user_class",
            {"user_class_name": "ShopUser", "host": "http://other", "weight": 7, "tasks": ["home", "buy"]},
        ),
        "locustfile": wire("locustfile", {"error": "no"}),
        "custom": wire("order", {**custom, "by number": {1: "one", 2: "two"}, "set": tuple("ab")}),
    },
    "errorKeys": [[text, StatsError.create_key("GET", "/a.b", text), StatsError.parse_error(text)] for text in texts],
    "buckets": [[time, bucket_response_time(time)] for time in times],
}

target = pathlib.Path(__file__).with_name("golden.json")
target.write_text(json.dumps(golden, indent=2) + "\n")
print(f"{target.name}: locust {locust.__version__}, Python {sys.version_info.major}.{sys.version_info.minor}")
