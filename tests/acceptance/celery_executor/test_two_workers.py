"""Two real workers, a real Redis, a real ledger: what graphs do there is on record."""

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import msgspec
import pytest

from everyrun.store.database import Database
from everyrun.store.history import NodeHistory
from tests.support.everyrun_workers import EveryrunWorkers
from tests.support.graphs import rows_of, status_of
from tests.support.redis_process import RedisProcess
from tests.support.waiting import wait_until

FUNCTIONS = """
import os
import time


def double(n):
    return 2 * n


def flaky(path):
    with open(path, "a") as marks:
        marks.write("x")
    if os.path.getsize(path) < 3:
        raise ConnectionError("not yet")
    return os.path.getsize(path)


def broken():
    raise RuntimeError("it broke")


def hold():
    time.sleep(60)
"""
GRAPH = """
workflow: on two machines
inputs: {n: integer, marks: string}
nodes:
  first: {type: python, with: {function: "steps.py:double", arguments: {n: "{{ inputs.n }}"}}}
  big: {needs: first, type: condition, with: {if: "{{ nodes.first.output > 5 }}"}}
  large:
    needs: {big: true}
    type: python
    with: {function: "steps.py:double", arguments: {n: "{{ nodes.first.output }}"}}
  small: {needs: {big: false}, type: shell, with: {command: "echo small"}}
  flaky:
    needs: first
    type: python
    retry: {max_retries: 3, delay: 0.1}
    with: {function: "steps.py:flaky", arguments: {path: "{{ inputs.marks }}"}}
  broken: {type: python, allow_failure: true, with: {function: "steps.py:broken"}}
  after_broken:
    needs: broken
    type: python
    with: {function: "steps.py:double", arguments: {n: 1}}
  each:
    needs: first
    type: for_each
    with: {items: [1, 2, 3, 4]}
    do:
      once: {type: python, with: {function: "steps.py:double", arguments: {n: "{{ item }}"}}}
      twice:
        needs: once
        type: python
        with: {function: "steps.py:double", arguments: {n: "{{ nodes.once.output }}"}}
  sum:
    needs: [each, large, flaky]
    type: set
    with: {values: {total: "{{ nodes.each.output | sum + nodes.large.output }}"}}
output: "{{ nodes.sum.output.total }}"
"""


class Machines:
    """The workers, and the command line beside them."""

    def __init__(self, database: Database, workers: EveryrunWorkers, folder: Path) -> None:
        self.database = database
        self.workers = workers
        self._folder = folder
        (folder / "steps.py").write_text(FUNCTIONS)

    def start(self, text: str, *words: str) -> subprocess.Popen[bytes]:
        """``everyrun run --executor celery`` of a graph."""
        file = self._folder / "graph.yaml"
        file.write_text(dedent(text))
        command = [sys.executable, "-m", "everyrun.cli", "run", str(file)]
        return subprocess.Popen(
            [*command, "--executor", "celery", "--json", *words],
            env=self.workers.environment,
            stdout=subprocess.PIPE,
        )

    def run(self, text: str, *words: str) -> dict[str, object]:
        """The same, to its end."""
        told, _ = self.start(text, *words).communicate(timeout=90)
        answer: dict[str, object] = msgspec.json.decode(told)
        return answer

    def rows(self, execution_id: object) -> dict[str, NodeHistory]:
        """What is on record."""
        return rows_of(self.database, str(execution_id))


@pytest.fixture
def machines(database: Database, tmp_path: Path) -> Iterator[Machines]:
    """Two workers of two processes each."""
    url = database.url.render_as_string(hide_password=False)
    redis_folder = tmp_path / "r"
    redis_folder.mkdir()
    with (
        RedisProcess(redis_folder) as redis,
        EveryrunWorkers(url, redis.url(0), tmp_path / "home") as workers,
    ):
        yield Machines(database, workers, tmp_path)


def _order(rows: dict[str, NodeHistory], *labels: str) -> bool:
    """Whether each of these began only after the one before had ended."""
    moments = [rows[label] for label in labels]
    return all(
        (before.ended_at or 0) <= (after.started_at or 0) for before, after in pairwise(moments)
    )


def test_a_graph_runs_on_two_workers_each_node_once_and_in_order(
    machines: Machines, tmp_path: Path
) -> None:
    answer = machines.run(GRAPH, "-i", "n=4", "-i", f"marks={tmp_path / 'flaky'}")
    rows = machines.rows(answer["id"])
    turns = [f"each.{key}[{turn}]" for key in ("once", "twice") for turn in range(4)]

    assert ("completed", 56) == (answer["status"], answer["output"])
    assert {
        **dict.fromkeys(["first", "big", "large", "flaky", "each", "sum", *turns], "completed"),
        "small": "skipped",
        "broken": "failed",
        "after_broken": "skipped",
    } == {label: row.status.value for label, row in rows.items()}
    assert [3] == [row.attempt for row in rows.values() if row.attempt > 1]
    assert _order(rows, "first", "big", "large", "sum")
    assert _order(rows, "first", "flaky", "sum")
    assert all(_order(rows, f"each.once[{turn}]", f"each.twice[{turn}]") for turn in range(4))


def test_a_cancel_is_heard_within_two_seconds(machines: Machines) -> None:
    command = machines.start(
        """
        workflow: holds
        nodes: {hold: {type: python, in_process: true, with: {function: "steps.py:hold"}}}
        """
    )
    began: list[str] = []

    def is_running() -> bool:
        began[:] = _running(machines.database)
        return bool(began)

    wait_until(is_running, "the node runs", timeout=60)
    asked = time.monotonic()
    command.terminate()
    command.communicate(timeout=60)
    wait_until(lambda: status_of(machines.database, began[0]) == "cancelled", "it is cancelled")

    assert time.monotonic() - asked < 4  # two to be heard, and the command's own end


def _running(database: Database) -> list[str]:
    from sqlalchemy import text

    query = "SELECT workflow_execution_id FROM node_executions WHERE status = 'running'"
    from everyrun.domain.identifiers import id_text

    with database.reading() as connection:
        found = list(connection.execute(text(query)).scalars())
    return [id_text(each) if isinstance(each, bytes) else str(each) for each in found]
