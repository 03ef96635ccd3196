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

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.campaigns import Measure, Told, empty_ledger, run
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
from everyrun.store.database import Database
from everyrun.workflows.launching import LaunchRequest, launch
from everyrun.workflows.saving import save

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


def run_campaign(kind: str, kills: int, folder: Path, nodes: int = NODES) -> tuple[Verdict, str]:
    """One campaign; its verdict, and a line that says what happened."""
    began = time.monotonic()
    with empty_ledger(kind, folder) as (url, database):
        verdict, executions = Campaign(database, url, folder, nodes).kill_often(kills)
    story = (
        f"{kills} kills in {time.monotonic() - began:.0f} s over {executions} executions of "
        f"{nodes} nodes: {verdict.starts:,} starts, {verdict.repeated} of them again after a kill; "
        f"{verdict.unmarked} attempts killed before their first mark"
    )
    return verdict, story


def _campaign(kind: str, kills: float, folder: Path) -> Told:
    verdict, story = run_campaign(kind, int(kills), folder)
    return Told(story, verdict.problems)


if __name__ == "__main__":
    sys.exit(run(__doc__, Measure("kills", int, 50), _campaign))
