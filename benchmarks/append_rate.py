"""How fast facts enter the ledger, beside the raw driver writing the same rows.

    python -m benchmarks.append_rate [--url URL] [--rows 50000] [--runs 3]

The limit is the driver alone: the same rows into the same tables with the same indexes, in
transactions of the same size, prepared beforehand, with nothing looked up, joined or counted.
On SQLite it is ``executemany``; on PostgreSQL binary COPY for inserts and pipelined ``executemany``
for updates. Without ``--url`` both databases are measured, in temporary places.
"""

import argparse
import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from everyrun.domain import events
from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import id_bytes, new_id
from everyrun.domain.status import Status
from everyrun.store.append import execution_rows, log_rows, node_rows
from everyrun.store.append.rows import Row, bulk_rows
from everyrun.store.database import Database, open_database
from everyrun.store.sql_sink import SqlSink

BATCH = 500
AS_SERVED = {
    "fsync": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}
"""The server's own defaults where tests go without, and memory as on a small machine."""
NODES_PER_EXECUTION = 200

LINE = "processed 128 rows of invoices-2026-11.csv in 0.41 s"
INPUT = {"path": "/data/invoices-2026-11.csv", "limit": 128}
OUTPUT = {"rows": 128, "ok": True}


def _recorder() -> events.RecorderInfo:
    return events.RecorderInfo(id=new_id(), host="bench", pid=1, started_at=SystemClock().now())


def _execution() -> dict[str, Any]:
    return {"execution_id": new_id(), "workflow": "benchmark"}


def line_events(count: int) -> list[bytes]:
    """Lines of one node execution."""
    execution, at = _execution(), SystemClock().now()
    node: dict[str, Any] = {"node": "load", "node_execution_id": new_id()}
    return [
        events.encode(
            events.LineLogged(**execution, **node, id=new_id(), at=at + number, message=LINE)
        )
        for number in range(count)
    ]


def node_events(count: int, apart: bool) -> list[bytes]:
    """Started and finished of ``count`` node executions.

    ``apart``: each batch of starts is followed by the batch of their finishes, so that no pair
    shares a transaction; else they follow each other, as quick nodes do.
    """
    told: list[bytes] = []
    at = SystemClock().now()
    execution = _execution()
    pending: list[bytes] = []
    for number in range(count):
        if number % NODES_PER_EXECUTION == 0:
            execution = _execution()
        at += 10
        node: dict[str, Any] = {
            **execution,
            "node": "load",
            "node_execution_id": new_id(),
            "order": number,
        }
        started = events.NodeStarted(**node, at=at, input=INPUT)
        finished = events.NodeFinished(
            **node, at=at + 5, started_at=at, status=Status.COMPLETED, output=OUTPUT
        )
        told.append(events.encode(started))
        (pending if apart else told).append(events.encode(finished))
        if len(pending) == BATCH:
            told += pending
            pending = []
    return told + pending


def _ship(database: Database, told: list[bytes]) -> float:
    sink, info = SqlSink(str(database.url.render_as_string(hide_password=False))), _recorder()
    sink.write(info, [])
    begun = time.perf_counter()
    for start in range(0, len(told), BATCH):
        sink.write(info, told[start : start + BATCH])
    took = time.perf_counter() - begun
    sink.close()
    return took


def _read_all(database: Database, table: str, columns: tuple[str, ...]) -> list[Row]:
    with database.writing() as connection:
        rows = bulk_rows(connection)
        return rows.select_where(table, columns, "1 = 1 ORDER BY workflow_execution_id, id", ())


def _rewritten(rows: list[Row], execution_id: bytes) -> list[Row]:
    """The same rows under an execution of their own, with new ids that keep their order."""
    return [(execution_id, id_bytes(new_id()), *row[2:]) for row in rows]


def _raw_execution(database: Database) -> bytes:
    """An execution for the raw rows to belong to, copied from one that is there."""
    id_ = id_bytes(new_id())
    columns = execution_rows.INSERTED_COLUMNS
    with database.writing() as connection:
        rows = bulk_rows(connection)
        (first, *_others) = rows.select_where("workflow_executions", columns, "1 = 1", ())
        rows.insert("workflow_executions", columns, [(id_, *first[1:])])
    return id_


def _timed_batches(
    database: Database, rows: list[Row], write: Callable[[Any, list[Row]], None]
) -> float:
    begun = time.perf_counter()
    for start in range(0, len(rows), BATCH):
        with database.writing() as connection:
            write(bulk_rows(connection), rows[start : start + BATCH])
    return time.perf_counter() - begun


def _raw_lines(database: Database) -> float:
    columns = log_rows.COLUMNS
    table = "execution_logs"
    rows = _read_all(database, table, columns)
    execution_id = _raw_execution(database)
    _raw_node(database, execution_id, rows[0][3])
    return _timed_batches(
        database,
        _rewritten(rows, execution_id),
        lambda bulk, batch: bulk.insert(table, columns, batch),
    )


def _raw_node(database: Database, execution_id: bytes, node_execution_id: bytes) -> None:
    columns = node_rows.INSERTED_COLUMNS
    with database.writing() as connection:
        rows = bulk_rows(connection)
        (first, *_others) = rows.select_where("node_executions", columns, "1 = 1", ())
        rows.insert("node_executions", columns, [(execution_id, node_execution_id, *first[2:])])


def _raw_nodes(database: Database) -> float:
    """Insert each row as it was while running, then update it to what it became."""
    columns = node_rows.INSERTED_COLUMNS
    table = "node_executions"
    finished = _rewritten(_read_all(database, table, columns), _raw_execution(database))
    changed = ("status", "ended_at", "seen_at", "output_data")
    places = [columns.index(column) for column in changed]
    blank = {columns.index("ended_at"), columns.index("output_data")}
    status = columns.index("status")
    running = [
        tuple(
            "running" if at == status else None if at in blank else value
            for at, value in enumerate(row)
        )
        for row in finished
    ]
    updates = [(*(row[at] for at in places), row[0], row[1]) for row in finished]
    inserted = _timed_batches(
        database, running, lambda bulk, batch: bulk.insert(table, columns, batch)
    )
    updated = _timed_batches(
        database,
        updates,
        lambda bulk, batch: bulk.update(table, node_rows.KEYS, changed, batch),
    )
    return inserted + updated


@contextlib.contextmanager
def ledgers(url: str | None) -> Iterator[list[tuple[str, str]]]:
    """The ledger of this address, or a new one on each database: (database, address)."""
    if url is not None:
        yield [(url.split(":")[0], url)]
        return
    from tests.support.postgresql_server import PostgresqlServer

    with tempfile.TemporaryDirectory() as folder, PostgresqlServer(settings=AS_SERVED) as server:
        yield [
            ("sqlite", f"sqlite:///{Path(folder) / 'bench.db'}"),
            ("postgresql", server.url()),
        ]


def measure(url: str, rows: int) -> dict[str, tuple[float, float]]:
    """One run: what is written -> (rows a second appended, rows a second at the limit)."""
    found: dict[str, tuple[float, float]] = {}
    measures: list[tuple[str, Callable[[], list[bytes]], Callable[[Database], float]]] = [
        ("log lines", lambda: line_events(rows), _raw_lines),
        ("nodes, together", lambda: node_events(rows, apart=False), _raw_nodes),
        ("nodes, apart", lambda: node_events(rows, apart=True), _raw_nodes),
    ]
    for name, make, raw in measures:
        database = open_database(url)
        database.upgrade()
        took = _ship(database, make())
        limit = raw(database)
        found[name] = (rows / took, rows / limit)
        database.downgrade("base")
        database.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"{'database':<12}{'what':<18}{'appended/s':>12}{'limit/s':>12}{'ratio':>8}")
    with ledgers(options.url) as found:
        for dialect, url in found:
            runs = [measure(url, options.rows) for _ in range(options.runs)]
            for name in runs[0]:
                rate = statistics.median(run[name][0] for run in runs)
                limit = statistics.median(run[name][1] for run in runs)
                ratio = statistics.median(run[name][0] / run[name][1] for run in runs)
                print(f"{dialect:<12}{name:<18}{rate:>12,.0f}{limit:>12,.0f}{ratio:>8.0%}")


if __name__ == "__main__":
    main()
