"""Runs requests through Locust's own statistics under a clock of its own, and keeps what Locust's reports make of them.

reports.py IN OUT: both JSON. The CSV files are written where IN says.
"""
import json
import sys
from types import SimpleNamespace

from locust import stats as reports  # before requests, for it patches what they import
from locust.exception import CatchResponseError
import requests

with open(sys.argv[1]) as file:
    given = json.load(file)

clock = given["start"]
reports.time = SimpleNamespace(time=lambda: clock)
reports.STATS_NAME_WIDTH = given["nameWidth"]
stats = reports.RequestStats()
runner = SimpleNamespace(
    user_count=0,
    exceptions={index: {**row, "nodes": set(row["nodes"])} for index, row in enumerate(given["exceptions"])},
)
environment = SimpleNamespace(stats=stats, runner=runner)
seconds = iter(given["seconds"])
kinds = {"text": str, "check": CatchResponseError, "http": requests.HTTPError}


def pass_second(_):
    """Stands for the pause of the CSV writer's loop."""
    global clock
    second = next(seconds, None)
    if second is None:
        raise KeyboardInterrupt
    for at, method, name, milliseconds, length, error in second["requests"]:
        clock = at
        stats.log_request(method, name, None if milliseconds is None else float(milliseconds), length)
        if error is not None:
            stats.log_error(method, name, kinds[error[0]](error[1]))
    clock = second["time"]
    runner.user_count = second["users"]


reports.gevent = SimpleNamespace(sleep=pass_second)
writer = reports.StatsCSVFileWriter(environment, reports.PERCENTILES_TO_REPORT, given["prefix"], given["fullHistory"])
writer.stats_writer()
writer.close_files()

lines = []
reports.console_logger = SimpleNamespace(info=lines.append)


def printed(report, *arguments):
    lines.clear()
    report(*arguments)
    return "\n".join(lines)


out = {
    "current": printed(reports.print_stats, stats),
    "final": printed(reports.print_stats, stats, False),
    "percentiles": printed(reports.print_percentile_stats, stats),
    "errors": printed(reports.print_error_report, stats),
    "json": stats.serialize_stats(),
}
with open(sys.argv[2], "w") as file:
    json.dump(out, file)
