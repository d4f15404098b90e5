"""Loads a locustfile as a Locust master of any version does, and prints what it found as JSON.

dump.py LOCUSTFILE [arguments of the locustfile ...]; nothing that the master gets wrong is put right here.
"""
import json
import sys

from locust import HttpUser, TaskSet, SequentialTaskSet, events
from locust.argument_parser import LocustArgumentParser
from locust.util.load_locustfile import load_locustfile

loaded = load_locustfile(sys.argv[1])
# (doc, classes, shape) up to 2.15, (doc, classes, shapes) then, (classes, shapes) now
classes, shapes = loaded[-2], loaded[-1]
shapes = shapes if isinstance(shapes, list) else [shapes] if shapes else []


def tasks_of(holder):
    rows = []
    for task in holder.tasks:
        row = {"name": task.__name__, "weight": 1, "tags": sorted(getattr(task, "locust_tag_set", ()))}
        if isinstance(task, type) and issubclass(task, TaskSet):
            row["in_order"] = issubclass(task, SequentialTaskSet)
            row["tasks"] = tasks_of(task)
        same = [known for known in rows if {**known, "weight": 1} == row]
        if same:
            same[0]["weight"] += 1
        else:
            rows.append(row)
    return rows


def class_of(user):
    return {
        "name": user.__name__,
        "host": user.host,
        "weight": user.weight,
        "fixed_count": user.fixed_count,
        "is_http": issubclass(user, HttpUser),
        "tasks": tasks_of(user),
    }


def ticks_of(shape):
    rows = []
    for seconds in range(0, 200, 10):
        shape.get_run_time = lambda: seconds
        tick = shape.tick()
        rows.append(tick and [c if not isinstance(c, list) else [each.__name__ for each in c] for c in tick])
    return rows


def argument_of(action):
    kind = getattr(action.type, "__name__", None)
    row = {name: getattr(action, name, None) for name in ("dest", "default", "choices", "env_var", "option_strings")}
    flags = ("include_in_web_ui", "is_secret", "is_required", "is_multiple")
    return {**row, "type": kind, **{name: getattr(action, name, None) for name in flags}}


parser = LocustArgumentParser(add_help=False)
events.init_command_line_parser.fire(parser=parser)
given = parser.parse_args(sys.argv[2:])
json.dump(
    {
        "classes": [class_of(user) for user in classes.values()],
        "shapes": {type(shape).__name__: ticks_of(shape) for shape in shapes},
        "arguments": [argument_of(action) for action in parser._actions],
        "given": vars(given),
        "help": parser.format_help(),
    },
    sys.stdout,
    # a name may hold half a surrogate pair
    ensure_ascii=True,
)
