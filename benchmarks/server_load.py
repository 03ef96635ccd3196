"""What a server bears: events sent to it, viewers that poll, questions to a large ledger.

    python -m benchmarks.server_load ingest [--database both] [--events 50000] [--runs 3]
    python -m benchmarks.server_load viewers [--database both] [--seconds 20] [--runs 3]
    python -m benchmarks.server_load questions --url URL [--requests 500] [--runs 3]

Client and server are processes of the same machine; figures are medians of the runs.

``ingest``: batches of 500 events over HTTP, on one connection and on two, beside the same batches
appended directly. ``viewers``: 1,000 viewers, each with a token and a connection of its own, ask
for the progress of one of 50 running executions every 2 s with the ETag that they have; five of
the executions make progress every second. ``questions``: one execution, a list of 50 and the tail
of a log, beside a bare FastAPI endpoint that asks the same ledger one indexed query; make the
ledger with ``benchmarks.generate_ledger``.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.append_rate import AS_SERVED
from benchmarks.server_runs import asking, ingesting, polling
from benchmarks.server_runs.figures import Figures
from everyrun.domain.clock import SystemClock
from everyrun.domain.roles import Role
from everyrun.store.access.tokens import make_token
from everyrun.store.database import Database, open_database
from everyrun.tracking.http_sink import HttpSink
from tests.support.emptying import empty
from tests.support.postgresql_server import PostgresqlServer
from tests.support.server_processes import TOKEN, ServerProcess

_KINDS = ("sqlite", "postgresql")


@contextlib.contextmanager
def ledger(kind: str, folder: Path) -> Iterator[str]:
    """The address of a migrated, empty ledger."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'everyrun.db'}"
        _migrate(url)
        yield url
        return
    with PostgresqlServer(settings=AS_SERVED) as server:
        _migrate(server.url())
        yield server.url()


def _migrate(url: str) -> None:
    with closing(open_database(url)) as database:
        database.upgrade()


def measure_ingest(kind: str, count: int, runs: int) -> None:
    """Print how fast events come in."""
    with (
        tempfile.TemporaryDirectory() as place,
        ledger(kind, Path(place)) as url,
        closing(open_database(url)) as database,
    ):
        for name in ingesting.KINDS:
            found = [
                ingesting.measure(database, url, Path(place), name, count) for _ in range(runs)
            ]
            direct, one, two = (statistics.median(each) for each in zip(*found, strict=True))
            _print(
                f"{kind:11s} {name:10s} direct {direct:8,.0f}/s   over HTTP: "
                f"one connection {one:8,.0f}/s ({one / direct:4.0%})   "
                f"two {two:8,.0f}/s ({two / direct:4.0%})"
            )


def measure_viewers(kind: str, seconds: float, runs: int, workers: int) -> None:
    """Print what a thousand viewers see."""
    with tempfile.TemporaryDirectory() as place, ledger(kind, Path(place)) as url:
        found = [watch_once(url, Path(place), seconds, workers) for _ in range(runs)]
    figures = Figures.median([watched.figures for watched in found])
    asked = sum(len(watched.seconds) for watched in found)
    _print(
        f"{kind:11s} {asked / runs / seconds:5.0f} requests/s   p50 {figures.p50:6.1f} ms   "
        f"p99 {figures.p99:6.1f} ms   worst {figures.worst:6.1f} ms   "
        f"304: {statistics.median(watched.unchanged for watched in found):4.0%}   "
        f"errors {sum(watched.errors for watched in found)}   "
        f"client late {sum(watched.late for watched in found)}"
    )


def watch_once(
    url: str, folder: Path, seconds: float, workers: int = 1, viewers: int = polling.VIEWERS
) -> polling.Watched:
    """One run over a ledger that is emptied before."""
    with closing(open_database(url)) as database:
        empty(database)
        tokens = _tokens(database, viewers)
    arguments = ("--at-once", "0", "--workers", str(workers))
    with (
        ServerProcess(url, folder / "home", *arguments, EVERYRUN_RATE_LIMIT="0") as server,
        closing(HttpSink(server.url, token=TOKEN)) as sink,
    ):
        ids = polling.begin_executions(sink, ingesting.a_recorder())
        watched = polling.watch(server.url, tokens, ids, sink, seconds)
        server.stop()
    return watched


def _tokens(database: Database, count: int) -> list[str]:
    now = SystemClock().now()
    return database.transact(
        lambda connection: [
            make_token(connection, f"viewer {number}", Role.VIEWER, now).token
            for number in range(count)
        ]
    )


def measure_questions(url: str, requests: int, runs: int) -> None:
    """Print what questions to a large ledger take."""
    with tempfile.TemporaryDirectory() as place, closing(open_database(url)) as database:
        ids = asking.sample(database)
        found = [asking.compare(url, Path(place), ids, requests) for _ in range(runs)]
    for same in zip(*found, strict=True):
        ours = Figures.median([each.ours for each in same])
        bare = Figures.median([each.bare for each in same])
        _print(
            f"{same[0].name:16s} p50 {ours.p50:6.2f} ms  p99 {ours.p99:6.2f} ms   "
            f"bare {bare.p50:6.2f} / {bare.p99:6.2f} ms   "
            f"ratio {ours.p50 / bare.p50:4.1f} / {ours.p99 / bare.p99:4.1f}"
        )


def _print(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=("ingest", "viewers", "questions"))
    parser.add_argument("--database", choices=(*_KINDS, "both"), default="both")
    parser.add_argument("--url")
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    kinds = _KINDS if options.database == "both" else (options.database,)
    if options.what == "questions":
        if options.url is None:
            sys.exit("--url names the ledger to ask")
        measure_questions(options.url, options.requests, options.runs)
        return
    for kind in kinds:
        if options.what == "ingest":
            measure_ingest(kind, options.events, options.runs)
        else:
            measure_viewers(kind, options.seconds, options.runs, options.workers)


if __name__ == "__main__":
    main()
