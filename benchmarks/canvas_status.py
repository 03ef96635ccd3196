"""How long the status of a large canvas of Celery takes: ``python -m benchmarks.canvas_status``.

    python -m benchmarks.canvas_status [--url URL] [--times 50]

A chord of 10,000 tasks and a chain of 1,000, each as it was sent, half-way, and done. ``status`` is
all that ``GET /pipeline/status/{chain_id}`` does between the request and the bytes of its answer,
``summary`` the execution with its counters; both have 10 ms. Milliseconds; ``cpu`` is this
thread's part, which a busy machine changes less. The ledger at ``--url`` gets the canvases, so it
has to be one of its own; without, it is a SQLite file that is deleted afterwards.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.clock import SystemClock
from everyrun.domain.events import WIRE_VERSION, Batch, RecorderInfo
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.server.contract.pipelines import chain_status
from everyrun.store.database import Database, open_database
from everyrun.store.intake import append_batch
from everyrun.store.reading.pipelines import find_chain, read_chain
from everyrun.store.reading.summaries import read_summaries
from everyrun.store.sql_sink import prepare_ledger

TARGET_MS = 10.0
SIZES = {"chord of 10,000": (10_000, 1), "chain of 1,000": (1_000, 4)}
"""Name -> its tasks, and how many different ones these are."""
STAGES = {"sent": 0.0, "half-way": 0.5, "done": 1.0}
SECONDS = 10.0
"""The time limit of a question, which the server sets each: it costs PostgreSQL's round trips."""
_BATCH = 500


@dataclass(frozen=True)
class Asked:
    """What one question came to, in milliseconds."""

    p50: float
    p99: float
    cpu_p50: float
    size: int
    """Bytes of the answer."""


def put_on_record(
    database: Database, chain_id: str, size: int, different: int, done: float
) -> None:
    """A canvas of ``size`` tasks, of which a part is ``done``, begun in no order of their ids."""
    clock = SystemClock()
    now = clock.now()
    of: dict[str, Any] = {"execution_id": new_id(), "workflow": "cr_extract", "kind": "celery"}
    tasks = [
        {**of, "node": f"shop.{number % different}", "node_execution_id": str(uuid4())}
        for number in range(size)
    ]
    place = {"root_id": str(uuid4()), "group_id": str(uuid4()), "chord_id": str(uuid4())}
    told: list[events.AnyEvent] = [
        events.ExecutionCreated(**of, at=now, external_id=chain_id, detached=True),
        *(events.NodeCreated(**t, at=now, input={"args": [1]}, metadata=place) for t in tasks),
    ]
    for number, task in enumerate(tasks[: int(size * done)]):
        began = now + 1_000 * number
        ended = events.NodeFinished(
            **task, at=began + 900, started_at=began, status=Status.COMPLETED
        )
        told.append(ended)
    worker = RecorderInfo(id=new_id(), host="bench", pid=1, started_at=now)
    for start in range(0, len(told), _BATCH):
        some = told[start : start + _BATCH]
        append_batch(database, Batch(version=WIRE_VERSION, recorder=worker, events=some), now)


def ask(database: Database, question: Callable[[Connection], bytes], times: int) -> Asked:
    """Ask so often, each time in a transaction of its own, and once before to warm up."""
    passed, cpu, answer = [], [], b""
    for _ in range(times + 1):
        began, began_cpu = time.perf_counter(), time.thread_time()
        with database.reading(SECONDS) as connection:
            answer = question(connection)
        passed.append((time.perf_counter() - began) * 1_000)
        cpu.append((time.thread_time() - began_cpu) * 1_000)
    ordered = sorted(passed[1:])
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return Asked(statistics.median(ordered), p99, statistics.median(cpu[1:]), len(answer))


def questions(chain_id: str) -> Iterator[tuple[str, Callable[[Connection], bytes]]]:
    """What is asked of one canvas."""

    def status(connection: Connection) -> bytes:
        chain = read_chain(connection, find_chain(connection, chain_id))
        return msgspec.json.encode(chain_status(chain_id, chain))

    def summary(connection: Connection) -> bytes:
        return msgspec.json.encode(read_summaries(connection, [find_chain(connection, chain_id)]))

    yield "status", status
    yield "summary", summary


def measure(database: Database, times: int) -> Iterator[str]:
    """A line for each question."""
    yield f"{'':<36}{'p50':>9}{'p99':>9}{'cpu p50':>9}{'KiB':>7}   p50 <= {TARGET_MS:g} ms"
    for name, (size, different) in SIZES.items():
        for stage, done in STAGES.items():
            chain_id = f"{name} {stage} {uuid4()}"
            put_on_record(database, chain_id, size, different, done)
            for asked, question in questions(chain_id):
                found = ask(database, question, times)
                held = "yes" if found.p50 <= TARGET_MS else "no"
                yield (
                    f"{name}, {stage}, {asked:<9}".ljust(36)
                    + f"{found.p50:>9.2f}{found.p99:>9.2f}{found.cpu_p50:>9.2f}"
                    + f"{found.size / 1024:>7.0f}   {held}"
                )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url")
    parser.add_argument("--times", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(options.url or f"sqlite:///{Path(folder) / 'ledger.db'}")
        prepare_ledger(database)
        for line in measure(database, options.times):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        database.close()


if __name__ == "__main__":
    main()
