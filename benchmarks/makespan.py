"""How long graphs of sleeping nodes take, beside the list schedule of the same order.

    python -m benchmarks.makespan [--database sqlite|postgresql|both] [--seconds 20] [--workers 8]

The real graphs of ``benchmarks.wfcommons``, each task asleep for its recorded time, scaled so that
the best possible makespan is about ``--seconds``. The engine starts the ready node with the longest
way to the end first. In the first run all nodes count as equally long, from the second on as long
as they took on record. Each run is measured against the list schedule with the same order on as
many workers, at no cost: what that order allows. ``bound`` is what no order beats: the longest
path, or all sleep shared out evenly.

Exits with 1 when a record is not as it should be.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.graph_runs.checking import problems_on_record
from benchmarks.graph_runs.definitions import sleeping_node
from benchmarks.graph_runs.ledgers import ledgers
from benchmarks.graph_runs.list_scheduling import (
    least_makespan,
    list_schedule,
    longest_path_first,
)
from benchmarks.wfcommons import Instance, instance_files, instances_folder, read_instance
from everyrun.domain.clock import SystemClock
from everyrun.store.database import Database, open_database
from everyrun.tracking import recording
from everyrun.workflows.launching import LaunchRequest
from everyrun.workflows.running import Engine
from everyrun.workflows.saving import save
from everyrun.workflows.settings import EngineSettings


class Compared(NamedTuple):
    """One run: seconds that it took, those of the list schedule, and what no order beats."""

    taken: float
    scheduled: float
    bound: float
    problems: list[str]

    @property
    def ratio(self) -> float:
        """Of the run to the list schedule."""
        return self.taken / self.scheduled


def measure(
    database: Database, instance: Instance, seconds: float, workers: int, runs: int = 2
) -> list[Compared]:
    """Run one graph several times over a ledger that has not seen it before."""
    parents = instance.parents
    scale = seconds / least_makespan(parents, instance.seconds, workers)
    sleeps = {key: took * scale for key, took in instance.seconds.items()}
    definition = instance.as_definition(lambda task: sleeping_node(task.seconds * scale))
    save(database, definition, by="benchmark", now=SystemClock().now())
    engine = Engine(database, EngineSettings(workers=workers))
    bound = least_makespan(parents, sleeps, workers)
    found = []
    try:
        for number in range(runs):
            known = sleeps if number else dict.fromkeys(parents, 1.0)
            order = longest_path_first(parents, known)
            scheduled = list_schedule(parents, sleeps, workers, order).makespan
            began = time.perf_counter()
            execution_id = engine.launch(LaunchRequest(workflow=instance.name)).execution_id
            engine.run(execution_id)
            taken = time.perf_counter() - began
            problems = problems_on_record(database, execution_id, parents)
            found.append(Compared(taken, scheduled, bound, problems))
    finally:
        engine.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--runs", type=int, default=2)
    options = parser.parse_args()
    kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    files = instance_files(instances_folder())
    problems: list[str] = []
    print(
        f"{'database':<12}{'graph':<13}{'nodes':>6}{'run':>5}{'makespan s':>12}"
        f"{'list s':>9}{'ratio':>8}{'bound s':>9}"
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        recording.configure(home=Path(home), flush_at_exit=0)
        for kind in kinds:
            with ledgers(kind) as places:
                for path in files:
                    instance = read_instance(path)
                    with places.fresh() as url:
                        database = open_database(url)
                        compared = measure(
                            database, instance, options.seconds, options.workers, options.runs
                        )
                        database.close()
                    for number, run in enumerate(compared, start=1):
                        print(
                            f"{kind:<12}{instance.name:<13}{len(instance.tasks):>6,}{number:>5}"
                            f"{run.taken:>12.3f}{run.scheduled:>9.3f}{run.ratio:>8.3f}"
                            f"{run.bound:>9.3f}",
                            flush=True,
                        )
                        problems += run.problems
    for problem in problems[:20]:
        print(f"  {problem}")
    print(f"{len(files)} files; records checked: {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
