"""How fast a large ledger is read: ``python -m benchmarks.reading --url URL``.

Make the ledger with ``benchmarks.generate_ledger`` first. Every question is asked once to warm up
(its slowest answer is the column ``first``), then in several runs; the figures are the medians of
the runs', in milliseconds. ``ratio`` is p50 over that of a bare driver query which fetches one
execution by its primary key, in the same run. ``cpu p99`` is this process's part, which tells a
busy machine from a slow query; on SQLite it is all of the work but waiting for the disk. After the
first pass the collector leaves alone what there is, as in a server that has settled.
"""

import argparse
import contextlib
import gc
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg

from benchmarks.reading_questions.questions import Group, Question, all_groups
from benchmarks.reading_questions.samples import Samples, take_samples
from everyrun.domain.identifiers import id_bytes
from everyrun.store.database import Database, open_database

DEFAULT_RUNS = 3
_HEADINGS = ("", "asked", "p50", "p99", "max", "cpu p99", "first", "ratio", "p99 target")

Duration = tuple[float, float]
"""Milliseconds that passed, and that this thread was on a processor."""


@dataclass(frozen=True)
class Figures:
    """Milliseconds of one group in one run, or the medians of several runs."""

    p50: float
    p99: float
    max: float
    cpu_p99: float

    @classmethod
    def of(cls, durations: list[Duration]) -> "Figures":
        """Sum up the durations of a run."""
        passed = sorted(wall for wall, _ in durations)
        cpu = sorted(cpu for _, cpu in durations)
        rank = max(0, -(-len(passed) * 99 // 100) - 1)
        return cls(statistics.median(passed), passed[rank], passed[-1], cpu[rank])

    @classmethod
    def median(cls, runs: "list[Figures]") -> "Figures":
        """The median of each figure."""
        return cls(
            statistics.median(run.p50 for run in runs),
            statistics.median(run.p99 for run in runs),
            statistics.median(run.max for run in runs),
            statistics.median(run.cpu_p99 for run in runs),
        )


@dataclass(frozen=True)
class Result:
    """What one group came to."""

    group: Group
    figures: Figures
    first: float
    ratio: float

    @property
    def held(self) -> bool:
        """Whether its p99 kept its target; without one it cannot miss it."""
        return self.group.target_ms is None or self.figures.p99 <= self.group.target_ms


def _milliseconds(work: Callable[[], Any]) -> Duration:
    began, cpu_began = time.perf_counter(), time.thread_time()
    work()
    return (time.perf_counter() - began) * 1000, (time.thread_time() - cpu_began) * 1000


def _ask(database: Database, question: Question) -> None:
    with database.reading() as connection:
        question(connection)


@contextlib.contextmanager
def _bare_query(database: Database, samples: Samples) -> Iterator[Callable[[], Duration]]:
    """Asks the driver for one execution by its primary key, and answers how long it took."""
    ids = iter(samples.ids * 1_000)
    if database.dialect == "sqlite":
        statement = "SELECT * FROM workflow_executions WHERE id = ?"
        with contextlib.closing(sqlite3.connect(str(database.url.database))) as lite:
            yield lambda: _milliseconds(
                lambda: lite.execute(statement, (id_bytes(next(ids)),)).fetchone()
            )
        return
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    statement = "SELECT * FROM workflow_executions WHERE id = %s"
    with psycopg.connect(url, autocommit=True) as pg:
        yield lambda: _milliseconds(lambda: pg.execute(statement, (next(ids),)).fetchone())


def measure(database: Database, *, runs: int = DEFAULT_RUNS, thorough: bool = True) -> list[Result]:
    """Ask every group of questions, ``runs`` times over after a first pass."""
    with database.reading() as connection:
        samples = take_samples(connection)
    groups = all_groups(samples, thorough=thorough)

    def ask(group: Group) -> list[Duration]:
        return [_milliseconds(partial(_ask, database, question)) for question in group.questions]

    with _bare_query(database, samples) as bare:
        first = {group.name: max(wall for wall, _ in ask(group)) for group in groups}
        gc.freeze()
        floors = [Figures.of([bare() for _ in range(300)]) for _ in range(runs)]
        told: dict[str, list[Figures]] = {group.name: [] for group in groups}
        for _ in range(runs):
            for group in groups:
                told[group.name].append(Figures.of(ask(group)))
    floor = Figures.median(floors)
    results = []
    for group in groups:
        figures = Figures.median(told[group.name])
        results.append(Result(group, figures, first[group.name], figures.p50 / floor.p50))
    bare_group = Group("(bare driver: one row by key)", [lambda _: None] * 300)
    return [Result(bare_group, floor, floor.max, 1.0), *results]


def table(results: list[Result]) -> str:
    """The results as lines of text."""
    rows = [_HEADINGS]
    for result in results:
        target = result.group.target_ms
        figures = result.figures
        rows.append(
            (
                result.group.name,
                f"{len(result.group.questions)}",
                f"{figures.p50:.2f}",
                f"{figures.p99:.2f}",
                f"{figures.max:.2f}",
                f"{figures.cpu_p99:.2f}",
                f"{result.first:.1f}",
                f"{result.ratio:.0f}x",
                "" if target is None else f"{target:.0f} {'held' if result.held else 'MISSED'}",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def main() -> None:
    """Measure the ledger at the URL and print the table; exits 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading")
    parser.add_argument("--url", required=True, help="a ledger made by benchmarks.generate_ledger")
    parser.add_argument("--runs", type=int, default=DEFAULT_RUNS)
    parser.add_argument("--short", action="store_true", help="ask each sort of question less often")
    options = parser.parse_args()
    database = open_database(options.url)
    try:
        results = measure(database, runs=options.runs, thorough=not options.short)
    finally:
        database.close()
    print(f"milliseconds, on {database.dialect}")
    print(table(results))
    sys.exit(0 if all(result.held for result in results) else 1)


if __name__ == "__main__":
    main()
