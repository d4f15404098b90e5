# What Locust's own UsersDispatcher orders, for the cases in a file, one JSON line a case; written to the second file.
import json
import sys

import gevent

from locust import User
from locust.dispatch import UsersDispatcher
from locust.runners import WorkerNode

pauses = []
gevent.sleep = pauses.append


def steps_of(case):
    classes = [
        type(name, (User,), {"weight": weight, "fixed_count": fixed}) for name, weight, fixed in case["classes"]
    ]
    by_name = {user_class.__name__: user_class for user_class in classes}
    dispatcher = UsersDispatcher([WorkerNode("local")], classes)
    cycles = []
    for target, rate, names in case["cycles"]:
        chosen = None if names is None else [by_name[name] for name in names]
        dispatcher.new_dispatch(target, rate, chosen)
        steps = [step["local"] for _, step in zip(range(case["atMost"]), dispatcher)]
        # A cycle that was left in the middle is closed, as the runner does when the next one begins.
        dispatcher._dispatcher_generator.close()
        cycles.append({"steps": steps, "pause": dispatcher._wait_between_dispatch})
    return cycles


with open(sys.argv[1]) as cases, open(sys.argv[2], "w") as answers:
    for line in cases:
        print(json.dumps(steps_of(json.loads(line))), file=answers)
