"""How fast batches of events enter the ledger: through the server, beside straight appends."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from benchmarks.append_rate import BATCH, line_events, node_events
from everyrun.domain import events
from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import new_id
from everyrun.domain.ports import Sink
from everyrun.store.database import Database
from everyrun.store.sql_sink import SqlSink
from everyrun.tracking.http_sink import HttpSink
from tests.support.emptying import empty
from tests.support.server_processes import TOKEN, ServerProcess

Kinds = dict[str, Callable[[int], list[bytes]]]
KINDS: Kinds = {
    "log lines": line_events,
    "nodes": lambda count: node_events(count // 2, apart=False),
}


class Rates(NamedTuple):
    """Events a second: appended directly, and sent over so many connections."""

    direct: float
    one: float
    two: float


def measure(database: Database, url: str, folder: Path, kind: str, count: int) -> Rates:
    """One run of each, each into an empty ledger."""
    empty(database)
    with closing(SqlSink(url)) as sink:
        direct = _rate([sink], KINDS[kind](count))
    rates = [direct]
    for connections in (1, 2):
        empty(database)
        with ServerProcess(
            url, folder / "home", "--at-once", "0", EVERYRUN_RATE_LIMIT="0"
        ) as server:
            sinks = [HttpSink(server.url, token=TOKEN) for _ in range(connections)]
            rates.append(_rate(sinks, KINDS[kind](count)))
            for each in sinks:
                each.close()
            server.stop()
    return Rates(*rates)


def _rate(sinks: Sequence[Sink], told: list[bytes]) -> float:
    """Events a second, once every sink has written a batch to warm up."""
    batches = [told[at : at + BATCH] for at in range(0, len(told), BATCH)]
    warm, batches = batches[: len(sinks)], batches[len(sinks) :]
    for sink, batch in zip(sinks, warm, strict=True):
        sink.write(a_recorder(), batch)
    senders = [
        Thread(target=_send, args=(sink, batches[number :: len(sinks)]))
        for number, sink in enumerate(sinks)
    ]
    began = time.perf_counter()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return sum(map(len, batches)) / (time.perf_counter() - began)


def _send(sink: Sink, batches: list[list[bytes]]) -> None:
    recorder = a_recorder()
    for batch in batches:
        sink.write(recorder, batch)


def a_recorder() -> events.RecorderInfo:
    """Who records."""
    return events.RecorderInfo(id=new_id(), host="bench", pid=1, started_at=SystemClock().now())
