"""What it costs that changes are told of, and what it costs to poll for them.

    python -m benchmarks.telling_changes [--url URL] [--executions 4000] [--runs 5]

Executions are the worst case: each is told of twice, where a node or a log line is never. The same
batches of 500 facts are appended with and without telling, in turns, into the same ledger; of each
the best run counts, as others' work only makes one slower. Then a ledger is polled as pages do: by
who is up to date (one small read), and by who has a page of changes to fetch. Without ``--url``
both databases are measured, in temporary places.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.append_rate import BATCH, ledgers
from everyrun.domain import events
from everyrun.domain.clock import SystemClock
from everyrun.domain.events import WIRE_VERSION, AnyEvent, Batch, RecorderInfo
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store import append as appending
from everyrun.store.append.joining import ExecutionState
from everyrun.store.append.noticing import Noticed
from everyrun.store.append.rows import BulkRows
from everyrun.store.changes.positions import newest_change
from everyrun.store.database import Database, open_database
from everyrun.store.intake import append_batch
from everyrun.store.reading.changes import read_changes

POLLS = 500


class _Silent(Noticed):
    """Tells of nothing."""

    def notice(self, state: ExecutionState, status: str) -> None:
        pass

    def save(self, rows: BulkRows) -> None:
        pass


@contextmanager
def _silence() -> Iterator[None]:
    setattr(appending, "Noticed", _Silent)  # noqa: B010 - a module's name, put back below
    try:
        yield
    finally:
        setattr(appending, "Noticed", Noticed)  # noqa: B010


def _facts(executions: int, workflow: str) -> list[AnyEvent]:
    """Executions that start in one batch and finish in a later one."""
    now = SystemClock().now()
    started: list[AnyEvent] = []
    finished: list[AnyEvent] = []
    for _ in range(executions):
        of: dict[str, Any] = {"execution_id": new_id(), "workflow": workflow, "kind": "function"}
        started.append(events.ExecutionStarted(**of, at=now))
        finished.append(events.ExecutionFinished(**of, at=now + 1, status=Status.COMPLETED))
    return started + finished


def _append(database: Database, told: list[AnyEvent]) -> float:
    recorder = RecorderInfo(id=new_id(), host="bench", pid=1, started_at=SystemClock().now())
    begun = time.perf_counter()
    for start in range(0, len(told), BATCH):
        batch = Batch(version=WIRE_VERSION, recorder=recorder, events=told[start : start + BATCH])
        append_batch(database, batch, SystemClock().now())
    return time.perf_counter() - begun


def measure_telling(database: Database, executions: int, runs: int) -> tuple[float, float, float]:
    """Facts a second without and with telling; the share that telling costs."""
    _append(database, _facts(200, "warm"))
    silent, telling = [], []
    for run in range(runs):
        with _silence():
            silent.append(_append(database, _facts(executions, f"w{run}")))
        telling.append(_append(database, _facts(executions, f"w{run}")))
    facts = 2 * executions
    return facts / min(silent), facts / min(telling), min(telling) / min(silent) - 1


def measure_polling(database: Database) -> tuple[float, float, float]:
    """Milliseconds: looking how far changes go, an idle poll, a page of 100 changes."""
    with database.reading() as connection:
        idle = read_changes(connection, None).next
    beginning = idle
    _append(database, _facts(200, "polled"))
    with database.reading() as connection:
        idle = read_changes(connection, None).next

    def timed(question: int) -> float:
        took = []
        for _ in range(POLLS):
            begun = time.perf_counter()
            with database.reading() as connection:
                if question == 0:
                    newest_change(connection)
                else:
                    read_changes(connection, idle if question == 1 else beginning)
            took.append(time.perf_counter() - begun)
        return statistics.median(took) * 1_000

    return timed(0), timed(1), timed(2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url")
    parser.add_argument("--executions", type=int, default=4_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(f"{'database':<12}{'silent/s':>10}{'telling/s':>11}{'cost':>7}", end="")
    print(f"{'look ms':>9}{'idle ms':>9}{'100 ms':>8}")
    with ledgers(options.url) as found:
        for dialect, url in found:
            database = open_database(url)
            database.upgrade()
            silent, telling, cost = measure_telling(database, options.executions, options.runs)
            look, idle, page = measure_polling(database)
            print(f"{dialect:<12}{silent:>10,.0f}{telling:>11,.0f}{cost:>7.1%}", end="")
            print(f"{look:>9.2f}{idle:>9.2f}{page:>8.2f}")
            database.close()


if __name__ == "__main__":
    main()
