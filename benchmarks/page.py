"""How quick the page is in a browser: ``python -m benchmarks.page [--url URL]``.

Give the address of a large ledger (``benchmarks.generate_ledger``); without one a ledger at a
hundredth of the full size is made, to see that it runs. A graph of 2,000 nodes that has run and an
execution of a million log lines are added to it, unless they are there. A server of its own serves
it to Debian's Chromium, cold each time: nothing in the browser's cache. The measuring itself is
``web/measure/page.spec.ts``.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from everyrun.domain import events
from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.store.database import Database, open_database
from everyrun.store.reading.executions import list_executions
from everyrun.store.sql_sink import SqlSink
from scripts import build_web
from tests.support.server_processes import TOKEN, ServerProcess

GRAPH = "two thousand nodes"
LOG = "a million lines"
WIDTH = 40
"""Nodes beside each other."""
_BATCH = 5_000


class Measured(msgspec.Struct):
    """One figure: what, how much, and the most (or the least) that is wanted."""

    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the target is kept, where there is one."""
        if self.target is None:
            return True
        return self.value >= self.target if self.at_least else self.value <= self.target


def layered(count: int, width: int = WIDTH) -> str:
    """A file of a graph of so many nodes in layers, each after two of the layer before."""
    lines = [f"workflow: {GRAPH}", "nodes:"]
    for number in range(count):
        layer, place = divmod(number, width)
        before = dict.fromkeys((place, (place * 7 + layer) % width)) if layer else {}
        needs = ", ".join(f"n{(layer - 1) * width + each}" for each in before)
        lines.append(f"  n{number}: {{needs: [{needs}], type: set, with: {{values: {{}}}}}}")
    return "\n".join([*lines, ""])


def prepare(url: str, home: Path, lines: int) -> tuple[str, str]:
    """The ids of the execution of the graph and of that of the log, made where they are missing."""
    with closing(open_database(url)) as database:
        database.upgrade()
        graph, log = (_latest(database, name) for name in (GRAPH, LOG))
    if graph is None:
        _run_graph(url, home)
    if log is None:
        _write_log(url, lines)
    with closing(open_database(url)) as database:
        return _latest(database, GRAPH) or "", _latest(database, LOG) or ""


def _latest(database: Database, workflow: str) -> str | None:
    with database.reading() as connection:
        found = list_executions(connection, ExecutionFilters(workflow=workflow), limit=1).items
    return found[0].id if found else None


def _run_graph(url: str, home: Path) -> None:
    file = home / "graph.yaml"
    file.write_text(layered(2_000))
    command = [sys.executable, "-m", "everyrun.cli", "run", str(file), "--quiet", "--url", url]
    subprocess.run(command, check=True, env=os.environ | {"EVERYRUN_HOME": str(home)})


def _write_log(url: str, count: int) -> None:
    now = SystemClock().now()
    recorder = events.RecorderInfo(id=new_id(), host="bench", pid=1, started_at=now)
    of: dict[str, Any] = {"execution_id": new_id(), "workflow": LOG}
    with closing(SqlSink(url)) as sink:
        sink.write(recorder, [events.encode(events.ExecutionStarted(**of, at=now))])
        for first in range(0, count, _BATCH):
            lines = [
                events.LineLogged(**of, id=new_id(), at=now + number, message=f"line {number:,}")
                for number in range(first, min(first + _BATCH, count))
            ]
            sink.write(recorder, [events.encode(line) for line in lines])
        ended = events.ExecutionFinished(**of, at=now + count, status=Status.COMPLETED)
        sink.write(recorder, [events.encode(ended)])


def measure(server: ServerProcess, ids: tuple[str, str], folder: Path, only: str) -> list[Measured]:
    """Have the browser measure; answers its figures. ``only`` is a pattern of what."""
    answers = folder / "figures.jsonl"
    told = {
        "EVERYRUN_MEASURE_ADDRESS": server.url,
        "EVERYRUN_MEASURE_TOKEN": TOKEN,
        "EVERYRUN_MEASURE_GRAPH": ids[0],
        "EVERYRUN_MEASURE_LOG": ids[1],
        "EVERYRUN_MEASURE_ANSWERS": str(answers),
    }
    os.environ.update(told)
    build_web.build()
    build_web.install()
    with contextlib.suppress(subprocess.CalledProcessError):  # the figures that there are say more
        build_web.npm(["run", "measure", "--", "--grep", only])
    lines = answers.read_bytes().splitlines() if answers.exists() else []
    return [msgspec.json.decode(line, type=Measured) for line in lines]


def draw(figures: Sequence[Measured]) -> str:
    """The figures as a table for RESULTS.md."""
    rows = ["| what | measured | wanted |", "|---|---|---|"]
    for each in figures:
        sign = "≥" if each.at_least else "≤"
        wanted = "" if each.target is None else f"{sign} {each.target:g} {each.unit}"
        missed = "" if each.is_met else " **missed**"
        rows.append(f"| {each.what} | {each.value:g} {each.unit}{missed} | {wanted} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", help="a large ledger: sqlite:///… or postgresql://…")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--only", default="", help="a pattern: measure only what matches it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = folder / "home"
        home.mkdir()
        url = options.url or f"sqlite:///{folder / 'ledger.db'}"
        if options.url is None:
            small = ("--url", url, "--scale", "0.01", "--quiet")
            command = [sys.executable, "-m", "benchmarks.generate_ledger", *small]
            subprocess.run(command, check=True)
        ids = prepare(url, home, options.lines)
        with ServerProcess(url, home) as server:
            figures = measure(server, ids, folder, options.only)
    sys.stdout.write(f"{draw(figures)}\n")
    sys.exit(0 if all(each.is_met for each in figures) else 1)


if __name__ == "__main__":
    main()
