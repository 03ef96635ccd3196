"""A program that builds a graph and runs it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from everyrun.store.database import Database, open_database
from tests.support.programs import ROOT

PROGRAM = """\
import threading

from everyrun import Graph

graph = Graph("invoices", inputs={"month": "string"})


@graph.node
def fetch(month="{{ inputs.month }}"):
    return [f"{month}-{number}" for number in range(3)]


@graph.node
def total(rows=fetch):
    return len(rows)


@graph.node
async def first(rows=fetch):
    return rows[0]


each = graph.for_each("each", items=fetch)


@each.node
def shout(row=each.item):
    return row.upper()


graph.add("tidy", "shell", needs={total: "always"}, command="true")
graph.output = {"total": total, "first": first, "all": each}

if __name__ == "__main__":
    done = graph.run(month="may")
    print(done.status, done.output)
"""
WAITING = """\
import threading

from everyrun import Graph

graph = Graph("waiting")


@graph.node(in_process=IN_PROCESS)
def wait():
    print("waits", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    graph.run()
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Those of a user with a home of their own."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "EVERYRUN_HOME": str(tmp_path / "home"),
    }


@pytest.fixture
def program(tmp_path: Path, environment: dict[str, str]) -> "Program":
    """A file of the user's, not yet written."""
    return Program(tmp_path / "flows" / "invoices.py", environment)


class Program:
    """A file that can be run."""

    def __init__(self, file: Path, environment: dict[str, str]) -> None:
        self.file = file
        self.environment = environment
        file.parent.mkdir()

    def start(self, source: str) -> "subprocess.Popen[str]":
        """Write it and start it, from another folder."""
        self.file.write_text(source)
        return subprocess.Popen(
            [sys.executable, "-W", "error", str(self.file)],
            cwd="/",
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ledger(self) -> Database:
        """What it wrote."""
        return open_database(f"sqlite:///{self.environment['EVERYRUN_HOME']}/everyrun.db")


def statuses(program: Program) -> list[tuple[str, str]]:
    database = program.ledger()
    with database.reading() as connection:
        rows = connection.execute(
            text(
                "SELECT w.name, e.status FROM workflow_executions e JOIN workflows w "
                "ON w.id = e.workflow_id"
            )
        ).all()
    database.close()
    return [(name, status) for name, status in rows]


def test_a_program_runs_its_graph(program: Program) -> None:
    said, complaints = program.start(PROGRAM).communicate(timeout=60)

    assert "" == complaints
    assert "completed {'total': 3, 'first': 'may-0', 'all': ['MAY-0', 'MAY-1', 'MAY-2']}\n" == said
    assert [("invoices", "completed")] == statuses(program)


def test_the_example_of_the_reference_does_what_it_says(program: Program) -> None:
    page = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
    graph = page.partition("\n## `Graph`\n")[2]
    (example,) = re.findall(r"```python\n(.*?)```", graph.partition("\n## ")[0], re.DOTALL)
    said, complaints = program.start(example).communicate(timeout=60)

    assert ("3\n", "") == (said, complaints)


def test_the_command_line_runs_what_a_program_saved(
    program: Program, environment: dict[str, str]
) -> None:
    source = PROGRAM.replace('graph.run(month="may")', "graph.save()").replace(
        "print(done.status, done.output)", "print(done.version)"
    )
    said, complaints = program.start(source).communicate(timeout=60)
    command = [sys.executable, "-m", "everyrun.cli", "run", "invoices", "-i", "month=june"]
    done = subprocess.run(
        command, cwd="/", env=environment, timeout=60, capture_output=True, check=False
    )

    assert ("1\n", "") == (said, complaints)
    assert 0 == done.returncode, done.stderr
    assert [("invoices", "completed")] == statuses(program)


def test_a_graph_does_not_run_while_it_is_imported(program: Program) -> None:
    source = PROGRAM.replace('if __name__ == "__main__":', "if True:").replace(
        "done.output", "done.error_message"
    )
    said, _ = program.start(source).communicate(timeout=60)

    assert said.startswith("failed fetch failed: ")
    assert 'put graph.run() under `if __name__ == "__main__":`' in said
    assert [("invoices", "failed")] == statuses(program)


@pytest.mark.parametrize("in_process", [True, False])
def test_ctrl_c_cancels_the_run(program: Program, in_process: bool) -> None:
    process = program.start(WAITING.replace("IN_PROCESS", str(in_process)))
    assert process.stdout is not None
    assert "waits\n" == process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=60)

    assert "KeyboardInterrupt" in complaints
    assert [("waiting", "cancelled")] == statuses(program)
