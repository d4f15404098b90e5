"""Prints the task ratios of classes that are described as JSON, with Locust's own functions.

ratios.py IN OUT: OUT has the text of --show-task-ratio, that of --show-task-ratio-json, and ratios of given user counts.
"""
import contextlib
import io
import json
import sys

from locust import TaskSet, User
from locust.user.inspectuser import get_ratio, print_task_ratio, print_task_ratio_json

with open(sys.argv[1]) as file:
    given = json.load(file)


def tasks_of(rows):
    tasks = []
    for row in rows:
        if "taskSet" in row:
            task = type(row["taskSet"]["className"], (TaskSet,), {"tasks": tasks_of(row["taskSet"]["tasks"])})
        else:
            task = lambda self: None
            task.__name__ = row["name"]
        tasks += [task] * row["weight"]
    return tasks


classes = [
    type(
        user["name"],
        (User,),
        {"weight": user["weight"], "fixed_count": user["fixedCount"], "tasks": tasks_of(user["tasks"])},
    )
    for user in given["classes"]
]


def printed(report, *arguments):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        report(*arguments)
    return out.getvalue()


def ratio_text():
    # the frame is main.py's
    print("\n Task ratio per User class")
    print("-" * 80)
    print_task_ratio(classes, given["users"], False)
    print("\n Total task ratio")
    print("-" * 80)
    print_task_ratio(classes, given["users"], True)


out = {
    "text": printed(ratio_text),
    "json": printed(print_task_ratio_json, classes, given["users"]),
    "perClass": get_ratio(classes, given["counts"], False),
    "total": get_ratio(classes, given["counts"], True),
}
with open(sys.argv[2], "w") as file:
    json.dump(out, file)
