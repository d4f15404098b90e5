"""Asks each shape of a locustfile what it wants at some times, as a master does; prints the answers as JSON.

ticks.py LOCUSTFILE TIMES; TIMES is a JSON list of seconds.
"""
import json
import sys

from locust.util.load_locustfile import load_locustfile

shapes = load_locustfile(sys.argv[1])[-1]
times = json.loads(sys.argv[2])


def tick_at(shape, seconds):
    shape.get_run_time = lambda: seconds
    tick = shape.tick()
    return tick and [[each.__name__ for each in part] if isinstance(part, list) else part for part in tick]


json.dump({type(shape).__name__: [tick_at(shape, seconds) for seconds in times] for shape in shapes}, sys.stdout)
