"""One measured run in a process of its own, so that its peak memory is its own.

    python -m benchmarks.graph_runs.case URL SHAPE NODES WORK

Launches a graph of empty nodes, runs it to its end, and prints one line of JSON
(:class:`Measured`). The clock runs from the launch until the execution has settled on record. A
small graph of the same kind goes first, so that nothing is imported on the clock; what a first run
costs is measured by itself (``benchmarks.graphs``: cold).
"""

import re
import sys
import time
from pathlib import Path

import msgspec

from benchmarks.graph_runs.bare_loop import CommitNotes, replay
from benchmarks.graph_runs.checking import problems_on_record
from benchmarks.graph_runs.definitions import Work, definition_of, empty_node
from benchmarks.graph_runs.shapes import chain, shape_of
from everyrun.cli import garbage
from everyrun.domain.clock import SystemClock
from everyrun.domain.graph import WorkflowDefinition
from everyrun.store.database import Database, open_database
from everyrun.workflows.launching import LaunchRequest
from everyrun.workflows.running import Engine
from everyrun.workflows.saving import save


class Measured(msgspec.Struct, frozen=True):
    """What one run came to. ``peak`` is MiB, of the whole process."""

    nodes: int
    seconds: float
    bare_seconds: float
    commits: int
    peak: float
    problems: list[str]

    @property
    def per_node(self) -> float:
        """Microseconds a node."""
        return self.seconds / self.nodes * 1e6

    @property
    def bare_per_node(self) -> float:
        """Microseconds a node of the bare loop."""
        return self.bare_seconds / self.nodes * 1e6

    @property
    def ratio(self) -> float:
        """Of the run to the bare loop."""
        return self.seconds / self.bare_seconds


def measure(url: str, shape: str, nodes: int, work: Work) -> Measured:
    """Run a graph once, check its record, and play the bare loop of its commits."""
    parents = shape_of(shape, nodes)
    definition = definition_of(Path(shape).name, parents, lambda _key: empty_node(work))
    notes = CommitNotes()
    database = open_database(url)
    engine = Engine(database, on_events=notes)
    try:
        _run(database, engine, definition_of("warm up", chain(3), lambda _key: empty_node(work)))
        notes.forget()
        seconds, execution_id = _run(database, engine, definition)
        peak = peak_memory()
        problems = problems_on_record(database, execution_id, parents)
        commits = notes.commits()
        bare = replay(database, execution_id, commits)
    finally:
        engine.close()
        database.close()
    return Measured(len(parents), seconds, bare, len(commits), peak, problems)


def _run(database: Database, engine: Engine, definition: WorkflowDefinition) -> tuple[float, str]:
    save(database, definition, by="benchmark", now=SystemClock().now())
    began = time.perf_counter()
    launched = engine.launch(LaunchRequest(workflow=definition.workflow))
    engine.run(launched.execution_id)
    return time.perf_counter() - began, launched.execution_id


def peak_memory() -> float:
    """The most that this process has held in memory, MiB.

    Not ``ru_maxrss``, which a process inherits from the one that started it.
    """
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def main() -> None:
    garbage.collect_as_usual()  # as a command does once everything is loaded
    url, shape, nodes, work = sys.argv[1:]
    sys.stdout.buffer.write(msgspec.json.encode(measure(url, shape, int(nodes), Work(work))))


if __name__ == "__main__":
    main()
