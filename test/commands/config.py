"""What Locust itself reads out of configuration files: config.py CASES ANSWERS, both with one JSON text a line.

A case is {folder, home, argv, env}; the answer is its options, or null if Locust refuses it.
"""
import json
import os
import sys

from locust.argument_parser import get_parser


def answer(case):
    os.chdir(case["folder"])
    os.environ["HOME"] = case["home"]
    os.environ.update(case["env"])
    try:
        options = vars(get_parser().parse_args(case["argv"]))
    except SystemExit:
        return None
    finally:
        for name in case["env"]:
            del os.environ[name]
    return {name: value for name, value in options.items() if name != "config"}


with open(sys.argv[1]) as cases, open(sys.argv[2], "w") as answers:
    for line in cases:
        print(json.dumps(answer(json.loads(line))), file=answers)
