"""Graphs on two Celery workers: left alone, then with a worker killed every few seconds.

    python -m benchmarks.celery_faults [--database sqlite|postgresql|both] [--every 3]
        [--workers alone|killed|both] [--graph NAME]

The four real graphs of ``benchmarks.wfcommons`` where they are at hand, else one of 200 nodes. Each
node leaves a mark in a file when it begins and when it ends, and does nothing else. Two
``everyrun worker`` processes of two processes each share them, over a real Redis. Then the same
again while every ``--every`` seconds one of the two is killed with -9, with all that it has
started, and another takes its place. Each graph is judged by the marks and the record:

* it completes; every node completes once, and never begins before those that it needs have ended,
* left alone, each node began once,
* a node whose outcome was on record never began again, and each attempt that a kill ended is
  ``lost``.

Exits with 1 when the record does not tell the truth.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from benchmarks.campaigns import empty_ledger
from benchmarks.celery_campaign.running import Killing, run_graph
from benchmarks.engine_campaign.graph import random_parents
from benchmarks.wfcommons import instance_files, instances_folder, read_instance
from tests.support.everyrun_workers import EveryrunWorkers
from tests.support.redis_process import RedisProcess

EVERY_SECONDS = 3.0
PATIENCE_SECONDS = 900.0
_QUICK = {"EVERYRUN_LEASE_SECONDS": "5", "EVERYRUN_RESEND_SECONDS": "2"}

Shapes = Mapping[str, Mapping[str, Collection[str]]]


def real_graphs() -> Shapes:
    """The real graphs, or one of our own where they are not at hand."""
    found = [read_instance(path) for path in instance_files(instances_folder())]
    shapes = {instance.name: instance.parents for instance in found}
    return shapes or {"layers": random_parents(200, random.Random(7))}


def run_campaign(
    kind: str, shapes: Shapes, folder: Path, killing: Killing | None, *, nap: float = 0.0
) -> tuple[list[str], list[str]]:
    """All graphs once; the problems, and a line for each graph."""
    problems: list[str] = []
    lines: list[str] = []
    with (
        empty_ledger(kind, folder) as (url, database),
        RedisProcess(folder) as redis,
        EveryrunWorkers(url, redis.url(0), folder / "home", settings=_QUICK) as workers,
    ):
        for name, parents in shapes.items():
            done = run_graph(
                name,
                parents,
                database,
                workers,
                folder / f"marks-{name}",
                nap=nap,
                killing=killing,
                patience=PATIENCE_SECONDS,
            )
            found = [f"{name}: {problem}" for problem in done.verdict.problems]
            if killing is None and done.verdict.starts != done.nodes:
                found.append(f"{name}: {done.verdict.starts} starts of {done.nodes} nodes")
            problems += found
            lines.append(
                f"{kind:<12}{name:<14}{done.nodes:>6} nodes {done.seconds:>7.1f} s"
                f"{done.kills:>5} kills{done.verdict.starts:>7} starts"
                f"{done.verdict.repeated:>5} again{done.verdict.unmarked:>4} unmarked"
                f"{len(found):>4} problems"
            )
            print(lines[-1], flush=True)
    return problems, lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--every", type=float, default=EVERY_SECONDS)
    parser.add_argument("--workers", choices=("alone", "killed", "both"), default="both")
    parser.add_argument("--graph", help="this one alone")
    options = parser.parse_args()
    kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    phases: list[Killing | None] = []
    if options.workers != "killed":
        phases.append(None)
    if options.workers != "alone":
        phases.append(Killing(options.every))
    shapes = real_graphs()
    if options.graph is not None:
        shapes = {options.graph: shapes[options.graph]}
    problems: list[str] = []
    for kind in kinds:
        for killing in phases:
            with tempfile.TemporaryDirectory(prefix="everyrun-celery-") as folder:
                problems += run_campaign(kind, shapes, Path(folder), killing)[0]
    for problem in problems[:20]:
        print(f"  {problem}")
    print(f"records checked: {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
