"""Kill the engine at random moments in the middle of a graph, resume it, and account for all.

    python -m benchmarks.engine_faults [--database sqlite|postgresql|both] [--kills 50]

A process runs a graph of 200 nodes, each of which leaves marks in a file: a side effect that
nothing takes back. At a random moment it is killed with -9, and another one goes on. Most kills
come while nodes run, every fifth at any moment from the start of the process on. Whenever the graph
has come to its end another execution begins, until there were so many kills. Each is then judged:

* a node whose outcome was on record never ran again,
* the graph completes, and no node began before those that it needs had ended,
* each start in the file has an attempt on record, and each attempt on record a start in the file,
  but for those that were killed between their commit and their first mark; these are ``lost``.

Exits with 1 when the record does not tell the truth.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.engine_campaign.graph import marking_graph, random_parents
from benchmarks.engine_campaign.judging import (
    Kill,
    Verdict,
    judge,
    read_marks,
    read_record,
    settled_nodes,
)
from everyrun.domain.clock import SystemClock
from everyrun.store.database import Database, open_database
from everyrun.workflows.launching import LaunchRequest, launch
from everyrun.workflows.saving import save
from tests.support.postgresql_server import PostgresqlServer

NODES = 200
SECONDS_TO_END = 60.0
LONGEST_LIFE = 1.5
"""Seconds from a process's start within which the kills at any moment come."""
LONGEST_WORK = 0.08
"""Seconds from a process's first mark within which the other kills come."""


class Campaign:
    """One ledger, and the engines that die over it."""

    def __init__(self, database: Database, url: str, folder: Path, nodes: int) -> None:
        self._database = database
        self._url = url
        self._folder = folder
        self._nodes = nodes
        self._executions = 0

    def kill_often(self, kills: int) -> tuple[Verdict, int]:
        """Kill so many engines; the verdict, and over how many executions they were spread."""
        verdict, left = Verdict(), kills
        while left:
            told = self._one_execution(left)
            left -= told[1]
            verdict.add(told[0])
        return verdict, self._executions

    def _one_execution(self, most_kills: int) -> tuple[Verdict, int]:
        self._executions += 1
        draw = random.Random()
        marks = self._folder / f"marks-{self._executions:03d}"
        parents = random_parents(self._nodes, draw)
        save(
            self._database,
            marking_graph(parents, marks, draw),
            by="campaign",
            now=SystemClock().now(),
        )
        execution_id = launch(
            self._database, LaunchRequest(workflow="killed again and again")
        ).execution_id
        kills: list[Kill] = []
        while len(kills) < most_kills and self._died(execution_id, marks, draw):
            with self._database.reading() as connection:
                settled = settled_nodes(connection, execution_id)
            kills.append(Kill(len(read_marks(marks)), settled))
        self._bring_to_its_end(execution_id)
        with self._database.reading() as connection:
            record = read_record(connection, execution_id)
        return judge(record, read_marks(marks), kills, parents), len(kills)

    def _begin(self, execution_id: str) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "benchmarks.engine_campaign.victim"]
        environment = {**os.environ, "EVERYRUN_HOME": str(self._folder / "home")}
        return subprocess.Popen([*program, self._url, execution_id], env=environment)

    def _died(self, execution_id: str, marks: Path, draw: random.Random) -> bool:
        """Run an engine and kill it at a random moment; False when it came to the end before."""
        before = _size(marks)
        victim = self._begin(execution_id)
        if draw.random() < 0.2:
            moment = time.monotonic() + draw.uniform(0, LONGEST_LIFE)
        else:
            while victim.poll() is None and _size(marks) == before:
                time.sleep(0.001)
            moment = time.monotonic() + draw.uniform(0, LONGEST_WORK)
        while victim.poll() is None and time.monotonic() < moment:
            time.sleep(0.0005)
        if victim.poll() is not None:
            return False
        victim.send_signal(signal.SIGKILL)
        return victim.wait() == -signal.SIGKILL

    def _bring_to_its_end(self, execution_id: str) -> None:
        with self._database.reading() as connection:
            if read_record(connection, execution_id).status == "completed":
                return
        victim = self._begin(execution_id)
        try:
            victim.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:  # told by the verdict
            victim.kill()
            victim.wait()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@contextlib.contextmanager
def ledger(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'everyrun.db'}"
        return
    with PostgresqlServer() as server:
        yield server.url()


def run_campaign(kind: str, kills: int, folder: Path, nodes: int = NODES) -> tuple[Verdict, str]:
    """One campaign; its verdict, and a line that says what happened."""
    began = time.monotonic()
    with ledger(kind, folder) as url:
        database = open_database(url)
        try:
            database.upgrade()
            verdict, executions = Campaign(database, url, folder, nodes).kill_often(kills)
        finally:
            database.close()
    story = (
        f"{kills} kills in {time.monotonic() - began:.0f} s over {executions} executions of "
        f"{nodes} nodes: {verdict.starts:,} starts, {verdict.repeated} of them again after a kill; "
        f"{verdict.unmarked} attempts killed before their first mark"
    )
    return verdict, story


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--kills", type=int, default=50)
    options = parser.parse_args()
    kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    broken = 0
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="everyrun-engine-faults-") as folder:
            verdict, story = run_campaign(kind, options.kills, Path(folder))
        print(f"{kind}: {story}; {len(verdict.problems)} problems")
        for problem in verdict.problems[:20]:
            print(f"  {problem}")
        broken += len(verdict.problems)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
