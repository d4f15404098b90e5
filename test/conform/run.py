#!/usr/bin/env python3
"""Differential conformance run. See README.md."""
from __future__ import annotations

import argparse
import concurrent.futures as cf
import fnmatch
import json
import os
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import HERE, Result, diff, run_scenario  # noqa: E402

REFERENCE = os.environ.get(
    "CONFORM_REFERENCE",
    "locust -f {here}/conform_users.py --worker --master-host 127.0.0.1 --master-port {port}",
)


def suites(name: str):
    out = []
    for mod in ("shared", "heldout"):
        if name not in (mod, "all"):
            continue
        try:
            m = __import__(mod)
        except ModuleNotFoundError as e:
            if e.name != mod:
                raise
            if name == mod:
                sys.exit(f"suite {mod} is not here")
            continue
        out += [(mod, s) for s in m.SCENARIOS]
    return out


def main() -> int:
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # started by `cmd &`: children would ignore SIGINT too
        signal.signal(signal.SIGINT, signal.default_int_handler)
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--worker", help="candidate command; {port} {host} {target} {here} are replaced")
    p.add_argument("--reference", default=REFERENCE, help="reference command (default: python locust --worker)")
    p.add_argument("--load", metavar="FILE", help="take the reference's observations from FILE, do not run it")
    p.add_argument("--save", metavar="FILE", help="write the reference's observations and transcripts to FILE")
    p.add_argument("--suite", default="all", choices=("shared", "heldout", "all"))
    p.add_argument("-k", "--only", action="append", default=[], help="scenario name or glob (repeatable)")
    p.add_argument("--skip", action="append", default=[], help="scenario name or glob (repeatable)")
    p.add_argument("--skip-absolute", action="store_true", help="leave out scenarios the python worker itself fails")
    p.add_argument("-j", "--jobs", type=int, default=5, help="worker processes at a time")
    p.add_argument("--strict", action="store_true", help="SHOULD differences fail too")
    p.add_argument("--json", metavar="FILE", help="write the whole report")
    p.add_argument("--list", action="store_true")
    p.add_argument("-v", "--verbose", action="store_true", help="print the worker's output and transcript on failure")
    a = p.parse_args()

    todo = suites(a.suite)
    if a.only:
        todo = [(m, s) for m, s in todo if any(fnmatch.fnmatch(s.name, k) for k in a.only)]
    todo = [(m, s) for m, s in todo if not any(fnmatch.fnmatch(s.name, k) for k in a.skip)]
    if a.skip_absolute:
        todo = [(m, s) for m, s in todo if not s.absolute]
    if a.list:
        for m, s in todo:
            print(f"{m:8} {s.area:10} {s.name:32} {'absolute ' if s.absolute else ''}{s.doc.splitlines()[0] if s.doc else ''}")
        return 0
    if not a.worker and not a.save:
        p.error("--worker or --save is needed")

    loaded = json.load(open(a.load))["scenarios"] if a.load else None
    results: dict[tuple[str, str], Result] = {}
    lock = threading.Lock()
    t0 = time.monotonic()
    jobs = []
    for mod, s in sorted(todo, key=lambda x: -x[1].slow):
        if a.worker:
            jobs.append((s, a.worker, "cand"))
        if loaded is None and not s.absolute:
            jobs.append((s, a.reference, "ref"))
    # one slot beside the others for very long scenarios, which only wait
    long = [j for j in jobs if j[0].slow >= 40]
    jobs = [j for j in jobs if j[0].slow < 40]

    def work(j):
        s, cmd, side = j
        r = run_scenario(s, cmd, side)
        for _ in range(2 if side == "ref" else 0):
            # the python worker itself sometimes loses the race of a reconnect; a reference that
            # fails its own checks is of no use, so it gets another chance. A candidate does not.
            if not r.failed:
                break
            print(f"  reference failed its own checks in {s.name} ({r.failed[0][:100]}), once more", file=sys.stderr, flush=True)
            r = run_scenario(s, cmd, side)
        with lock:
            results[(s.name, side)] = r
            if a.verbose:
                print(f"  ran {s.name} [{side}] {r.seconds:.1f}s", file=sys.stderr, flush=True)

    with cf.ThreadPoolExecutor(a.jobs + len(long)) as ex:
        fs = [ex.submit(work, j) for j in long]
        sem = threading.Semaphore(a.jobs)

        def guarded(j):
            with sem:
                work(j)

        fs += [ex.submit(guarded, j) for j in jobs]
        for f in fs:
            f.result()

    bad = warn = refbad = 0
    report = {}
    for mod, s in todo:
        ref = results.get((s.name, "ref"))
        cand = results.get((s.name, "cand"))
        rd = ref.as_dict() if ref else (loaded or {}).get(s.name)
        lines, soft = [], []
        if rd and not s.absolute and (rd["failed"] or rd["schema"]):
            refbad += 1
            lines += [f"REFERENCE check: {x}" for x in rd["failed"] + rd["schema"]]
        if cand:
            lines += [f"check: {x}" for x in cand.failed] + [f"schema: {x}" for x in cand.schema]
            if rd and not s.absolute:
                lines += [f"differs: {x}" for x in diff(rd["obs"], cand.obs)]
                soft += [f"should: {x}" for x in diff(rd["should"], cand.should)]
            elif not s.absolute:
                lines.append("no reference observation (not in the loaded file?)")
        if a.strict:
            lines += soft
            soft = []
        ok = not lines
        bad += not ok
        warn += bool(soft)
        secs = "/".join(f"{r.seconds:.1f}" for r in (ref, cand) if r)
        print(f"{'PASS' if ok else 'FAIL'} {mod:8} {s.name:34} {secs:>12}s" + (f"  ({len(soft)} should)" if soft else ""))
        for x in lines + soft:
            print("       " + x.replace("\n", "\n       "))
        if not ok and a.verbose and cand:
            print("       --- candidate output ---\n" + cand.output[-3000:])
            for row in cand.transcript[-60:]:
                print("       ", str(row)[:300])
        report[s.name] = {"suite": mod, "ok": ok, "lines": lines, "should": soft, "ref": rd, "cand": cand.as_dict() if cand else None}
    dt = time.monotonic() - t0
    print(f"{len(todo) - bad} of {len(todo)} scenarios pass, {warn} with SHOULD differences, in {dt:.0f}s")
    if a.save:
        json.dump(
            {"reference": a.reference, "scenarios": {k: v["ref"] for k, v in report.items() if v["ref"]}},
            open(a.save, "w"), indent=1, ensure_ascii=False,
        )  # fmt: skip
    if a.json:
        json.dump(report, open(a.json, "w"), indent=1, ensure_ascii=False)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
