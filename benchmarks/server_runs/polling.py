"""A thousand viewers who look at running executions, every two seconds each."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import uvloop

from benchmarks.server_runs.figures import Figures
from benchmarks.server_runs.lean_http import Polling, request
from everyrun.domain import events
from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import new_id
from everyrun.tracking.http_sink import HttpSink

VIEWERS = 1_000
PERIOD = 2.0
EXECUTIONS = 50
CHANGING = 5
"""So many of the executions make progress, once a second."""


@dataclass
class Watched:
    """What all viewers together saw."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    errors: int = 0
    late: int = 0
    """Polls that were begun late because the client could not keep up."""

    @property
    def figures(self) -> Figures:
        """How long answers took."""
        return Figures.of(self.seconds)

    @property
    def unchanged(self) -> float:
        """The share of 304."""
        return self.statuses[304] / max(1, sum(self.statuses.values()))


def begin_executions(sink: HttpSink, recorder: events.RecorderInfo) -> list[str]:
    """Executions that run, with a few nodes each."""
    now, ids = SystemClock().now(), []
    told: list[events.AnyEvent] = []
    for _ in range(EXECUTIONS):
        id_ = new_id()
        ids.append(id_)
        told.append(
            events.ExecutionStarted(execution_id=id_, workflow="watched", kind="script", at=now)
        )
        told += [
            events.NodeStarted(
                execution_id=id_,
                workflow="watched",
                kind="script",
                at=now,
                node=f"step {number}",
                node_execution_id=new_id(),
                order=number,
            )
            for number in range(5)
        ]
    sink.write(recorder, [events.encode(event) for event in told])
    return ids


def make_progress(sink: HttpSink, recorder: events.RecorderInfo, ids: list[str], turn: int) -> None:
    """A few of them go on."""
    now = SystemClock().now()
    sink.write(
        recorder,
        [
            events.encode(
                events.ExecutionProgressed(
                    execution_id=id_,
                    workflow="watched",
                    kind="script",
                    at=now,
                    current=turn,
                    total=1_000,
                )
            )
            for id_ in ids[:CHANGING]
        ],
    )


def watch(url: str, tokens: list[str], ids: list[str], sink: HttpSink, seconds: float) -> Watched:
    """Let everybody look for so long."""
    return uvloop.run(_watch(url, tokens, ids, sink, seconds))


async def _watch(
    url: str, tokens: list[str], ids: list[str], sink: HttpSink, seconds: float
) -> Watched:
    watched = Watched()
    end = time.perf_counter() + PERIOD + seconds
    viewers = [
        _view(url, token, ids[number % len(ids)], number / len(tokens), end, watched)
        for number, token in enumerate(tokens)
    ]
    progress = asyncio.create_task(_go_on(sink, ids, end))
    await asyncio.gather(*viewers)
    await progress
    return watched


async def _go_on(sink: HttpSink, ids: list[str], end: float) -> None:
    recorder = events.RecorderInfo(id=new_id(), host="bench", pid=1, started_at=SystemClock().now())
    turn = 0
    while time.perf_counter() < end:
        turn += 1
        await asyncio.to_thread(make_progress, sink, recorder, ids, turn)
        await asyncio.sleep(1.0)


async def _view(
    url: str, token: str, execution: str, phase: float, end: float, watched: Watched
) -> None:
    place = urlsplit(url)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    await asyncio.sleep(phase * PERIOD)
    _, polling = await loop.create_connection(Polling, place.hostname or "", place.port or 80)
    path, etag = f"/api/v1/executions/{execution}/progress", None
    due = began + phase * PERIOD
    first = True
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked = time.perf_counter()
        try:
            answer = await polling.ask(request(path, place.netloc, token, etag))
        except OSError:
            watched.errors += 1
            return
        if not first:  # the first one finds no connection, and the token unknown
            watched.seconds.append(time.perf_counter() - asked)
            watched.statuses[answer.status] += 1
            watched.errors += answer.status not in {200, 304}
            watched.late += asked - due > 0.05
        etag, first = answer.etag or etag, False
        due += PERIOD
    polling.close()
