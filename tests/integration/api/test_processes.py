"""Recording in several processes that belong together, into a real ledger."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from everyrun.domain.views.executions import ExecutionDetail, ExecutionFilters
from everyrun.store.database import open_database
from everyrun.store.reading.execution import read_execution
from everyrun.store.reading.executions import list_executions
from everyrun.store.reading.logs import tail
from tests.support.programs import ROOT

T = TypeVar("T")


class Ledger:
    """What a program put on record."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, *arguments: str) -> list[str]:
        """Run ``shop`` with this ledger; what it printed."""
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "tests.integration.api.shop", *arguments],
            cwd=ROOT,
            env=os.environ | {"EVERYRUN_URL": self.url},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (0, "") == (done.returncode, done.stderr)
        return done.stdout.splitlines()

    def executions(self, workflow: str) -> list[ExecutionDetail]:
        """The executions of one workflow, the oldest first."""
        return self._read(lambda connection: _executions(connection, workflow))

    def execution(self, workflow: str) -> ExecutionDetail:
        """The only execution of one workflow."""
        (execution,) = self.executions(workflow)
        return execution

    def messages(self, execution_id: str) -> list[str]:
        """The lines of one execution."""
        return self._read(
            lambda connection: [line.message for line in tail(connection, execution_id).lines]
        )

    def _read(self, read: Callable[[Connection], T]) -> T:
        database = open_database(self.url)
        try:
            with database.reading() as connection:
                return read(connection)
        finally:
            database.close()


def _executions(connection: Connection, workflow: str) -> list[ExecutionDetail]:
    page = list_executions(connection, ExecutionFilters(workflow=workflow), limit=100)
    return [read_execution(connection, item.id) for item in reversed(page.items)]


@pytest.fixture
def ledger(migrated_sqlite_url: str, own_home: Path) -> Ledger:
    """A ledger on SQLite without rows."""
    return Ledger(migrated_sqlite_url)


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_bound_nodes_in_a_process_pool_belong_to_the_execution(ledger: Ledger, method: str) -> None:
    ledger.run("pack_in_a_pool", method)

    day = ledger.execution("day")
    assert "completed" == day.status
    assert [0, 2, 4, 6] == day.output
    packing, *packed = day.nodes
    assert "packing" == packing.node
    assert ["pack"] * 4 == [node.node for node in packed]
    assert {"completed"} == {node.status for node in packed}
    assert {packing.id} == {node.parent_node_execution_id for node in packed}
    assert {f"packing {number}" for number in range(4)} == set(ledger.messages(day.id))
    alone = ledger.execution("pack")
    assert alone.parent_execution_id is None


def test_jobs_in_processes_are_recorded_whatever_becomes_of_them(ledger: Ledger) -> None:
    printed = ledger.run("submit_to_processes")

    expected = [
        "delivered 7 completed",
        "ValueError failed",
        "AttributeError failed",
        "BrokenProcessPool failed",
        "6",
    ]
    assert expected == printed
    delivery = ledger.execution("deliver")
    assert ("completed", "function") == (delivery.status, delivery.kind)
    assert {"number": 7} == delivery.input
    assert ["pack"] == [node.node for node in delivery.nodes]
    refusal = ledger.execution("refuse")
    assert ("failed", "job", "wrong address") == (
        refusal.status,
        refusal.kind,
        refusal.error_message,
    )
    assert refusal.external_id == f"job_{refusal.id}"
    assert "failed" == ledger.execution("die").status
    assert "failed" == ledger.execution("<lambda>").status


def test_the_interpreter_does_not_end_before_its_jobs(ledger: Ledger) -> None:
    ledger.run("end_with_jobs_running")

    deliveries = ledger.executions("deliver")
    assert ["completed"] * 40 == [delivery.status for delivery in deliveries]


def test_a_forked_child_records_for_itself(ledger: Ledger) -> None:
    ledger.run("fork_inside")

    parent = ledger.execution("parent")
    assert "completed" == parent.status
    assert [] == parent.nodes
    child = ledger.execution("pack")
    assert "completed" == child.status
    assert parent.recorder_id != child.recorder_id


def test_a_command_links_what_it_records_itself(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import sys; from everyrun.tracking.commands import run_command;"
        "sys.exit(run_command([sys.executable, '-m', 'tests.integration.api.shop', 'fork_inside']))"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"EVERYRUN_URL": ledger.url},
        check=True,
        timeout=120,
    )

    command = ledger.execution("tests.integration.api.shop")
    assert "script" == command.kind
    inner = ledger.execution("parent")
    assert command.id == inner.parent_execution_id
    assert "parent" == inner.trigger
