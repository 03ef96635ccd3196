"""What running a graph costs, beside the bare driver making the same commits.

    python -m benchmarks.graphs [--database sqlite|postgresql|both] [--nodes 1000] [--runs 5]

Graphs of nodes that do nothing: a chain, a fan-out with its fan-in, and the four real ones of
``benchmarks.wfcommons`` where they are at hand. Each run has a process of its own; every outcome is
on record before a node that needs it begins, and the record is checked: every node once, never
before its parents. ``bare`` is the driver alone writing the same rows in the same commits, in the
same run. ``work`` is where a node's nothing is done: ``thread`` (a Python function in a worker
thread), ``task`` (a coroutine on the event loop), ``at once`` (a ``set`` node, on the spot).

``cold`` is ``everyrun run`` of a graph of one node as a person types it, from the start of its
process to its end: ``first`` in a new home, its ledger made on the way, ``again`` in the same.

Exits with 1 when a record is not as it should be.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.graph_runs.case import Measured
from benchmarks.graph_runs.definitions import Work
from benchmarks.graph_runs.ledgers import Ledgers, ledgers
from benchmarks.graph_runs.shapes import shape_names

ONE_NODE = "workflow: one node\nnodes:\n  nothing: {type: set, with: {values: {}}}\n"


def measure_apart(url: str, shape: str, nodes: int, work: Work) -> Measured:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.graph_runs.case", url, shape, str(nodes), work]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "EVERYRUN_URL": url, "EVERYRUN_HOME": home}
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return msgspec.json.decode(done.stdout, type=Measured)


def cold_starts(places: Ledgers, runs: int) -> tuple[float, float]:
    """Median seconds of ``everyrun run`` of one node: (in a new home, in the same again)."""
    first, again = [], []
    for _ in range(runs):
        with places.unmade() as url, tempfile.TemporaryDirectory() as folder:
            graph = Path(folder) / "one.yaml"
            graph.write_text(ONE_NODE)
            environment = {**os.environ, "EVERYRUN_URL": url, "EVERYRUN_HOME": folder}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            if places.kind == "postgresql":  # a team's ledger is made once, by itself
                _timed([*_everyrun(), "db", "upgrade"], environment)
            first.append(_timed([*_everyrun(), "run", str(graph)], environment))
            again.append(_timed([*_everyrun(), "run", str(graph)], environment))
    return statistics.median(first), statistics.median(again)


def _everyrun() -> list[str]:
    script = Path(sys.executable).with_name("everyrun")
    return [str(script)] if script.exists() else [sys.executable, "-m", "everyrun.cli"]


def _timed(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


HEADING = (
    f"{'database':<12}{'graph':<13}{'nodes':>6}{'work':>9}{'total s':>9}{'µs/node':>9}"
    f"{'bare':>7}{'ratio':>7}{'commits':>9}{'peak MiB':>10}"
)


def line_of(kind: str, shape: str, work: Work, runs: list[Measured]) -> str:
    """The medians of several runs of one case."""

    def middle(values: Iterator[float]) -> float:
        return statistics.median(values)

    return (
        f"{kind:<12}{Path(shape).name.split('-')[0]:<13}{runs[0].nodes:>6,}{work:>9}"
        f"{middle(run.seconds for run in runs):>9.3f}{middle(run.per_node for run in runs):>9.0f}"
        f"{middle(run.bare_per_node for run in runs):>7.0f}"
        f"{middle(run.ratio for run in runs):>7.1f}{middle(run.commits for run in runs):>9,.0f}"
        f"{max(run.peak for run in runs):>10.0f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--nodes", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cold", type=int, default=10, help="cold starts; 0 leaves them out")
    options = parser.parse_args()
    kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    problems: list[str] = []
    print(HEADING)
    for kind in kinds:
        with ledgers(kind) as places:
            for shape in shape_names():
                for work in Work:
                    runs = []
                    for _ in range(options.runs):
                        with places.fresh() as url:
                            runs.append(measure_apart(url, shape, options.nodes, work))
                    print(line_of(kind, shape, work, runs), flush=True)
                    problems += [f"{kind} {shape} {work}: {p}" for r in runs for p in r.problems]
            if options.cold:
                first, again = cold_starts(places, options.cold)
                print(f"{kind:<12}cold, one node: first {first:.2f} s, again {again:.2f} s")
    for problem in problems[:20]:
        print(f"  {problem}")
    print(f"records checked: {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
