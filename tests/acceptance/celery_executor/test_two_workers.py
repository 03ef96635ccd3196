"""Two real workers, a real Redis, a real ledger: what graphs do there is on record."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import msgspec
import pytest

from everyrun.store.database import Database, open_database
from everyrun.store.history import NodeHistory
from tests.support.everyrun_workers import EveryrunWorkers
from tests.support.graphs import rows_of
from tests.support.postgresql_databases import PostgresqlDatabases
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


def hold(path):
    open(path, "w").close()
    time.sleep(600)
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
    in_process: true
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


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis that nobody else uses."""
    with RedisProcess(tmp_path_factory.mktemp("r")) as redis:
        yield redis.url(0)


@pytest.fixture(scope="module")
def sqlite_ledger(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a migrated ledger."""
    path = tmp_path_factory.mktemp("ledger") / "everyrun.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def postgresql_ledger(
    postgresql_databases: PostgresqlDatabases, postgresql_template: str
) -> Iterator[str]:
    """The address of a migrated ledger."""
    with postgresql_databases.lend(postgresql_template) as url:
        yield url


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def machines(
    request: pytest.FixtureRequest, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machines]:
    """Two workers of two processes each, on each database in turn."""
    url = request.getfixturevalue(f"{request.param}_ledger")
    folder = tmp_path_factory.mktemp("machines")
    database = open_database(url)
    settings = {"EVERYRUN_QUEUE": f"on-{request.param}"}
    with EveryrunWorkers(url, redis_url, folder / "home", settings=settings) as workers:
        yield Machines(database, workers, folder)
    database.close()


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


def test_a_cancel_is_heard_within_two_seconds(machines: Machines, tmp_path: Path) -> None:
    held = tmp_path / "held"
    command = machines.start(
        f"""
        workflow: holds
        nodes:
          hold:
            type: python
            in_process: true
            with: {{function: "steps.py:hold", arguments: {{path: "{held}"}}}}
        """
    )
    wait_until(held.exists, "the node runs")
    asked = time.monotonic()
    command.terminate()
    told, _ = command.communicate(timeout=90)
    took = time.monotonic() - asked
    answer = msgspec.json.decode(told)

    assert "cancelled" == answer["status"]
    assert "cancelled" == machines.rows(answer["id"])["hold"].status
    assert took < 4  # two to be heard, and the command's own end
