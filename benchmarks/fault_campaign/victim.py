"""A process that records until it is killed, and notes what ``record()`` has returned for.

    python -m benchmarks.fault_campaign.victim NOTES EVENTS mixed|lines [PAUSE]

Each event's id goes to the file NOTES right after ``record()`` returned, by one write call: what
stands there had been promised. EVENTS bounds the run of one that nobody kills. ``lines`` records
nothing but log lines, each of which shows on record by itself, so that drops can be told exactly.
PAUSE is how many seconds lie between two turns.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from everyrun.domain import events
from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import id_bytes, new_id
from everyrun.domain.status import Status
from everyrun.tracking import recording

TURNS_PER_EXECUTION = 40
KIND_LINE, KIND_NODE_STARTED, KIND_NODE_FINISHED = b"L", b"S", b"F"

_CLOCK = SystemClock()
Teller = Callable[[dict[str, Any]], Iterator[tuple[bytes, str, events.AnyEvent]]]


def tell_lines(execution: dict[str, Any]) -> Iterator[tuple[bytes, str, events.AnyEvent]]:
    """One line, with its id."""
    line = events.LineLogged(**execution, id=new_id(), at=_CLOCK.now(), message="x" * 200)
    yield KIND_LINE, line.id, line


def tell_mixed(execution: dict[str, Any]) -> Iterator[tuple[bytes, str, events.AnyEvent]]:
    """A node execution's start, a line of it, and its end."""
    at, id_ = _CLOCK.now(), new_id()
    node: dict[str, Any] = {**execution, "node": "step", "node_execution_id": id_}
    yield KIND_NODE_STARTED, id_, events.NodeStarted(**node, at=at)
    line = events.LineLogged(**node, id=new_id(), at=at, message="half way")
    yield KIND_LINE, line.id, line
    finished = events.NodeFinished(
        **node, at=at + 1, started_at=at, status=Status.COMPLETED, output={"n": 1}
    )
    yield KIND_NODE_FINISHED, id_, finished


def record_until_killed(notes: int, limit: int, tell: Teller, pause: float) -> None:
    """Record one execution after another, up to ``limit`` events, ``pause`` seconds a turn."""
    recorder = recording.current()
    number = 0
    while number < limit:
        execution: dict[str, Any] = {
            "execution_id": new_id(),
            "workflow": f"campaign {random.randrange(5)}",
        }
        for _ in range(TURNS_PER_EXECUTION):
            for kind, id_, event in tell(execution):
                recorder.record(event)
                os.write(notes, kind + id_bytes(id_) + id_bytes(recorder.info.id))
                number += 1
            time.sleep(pause)


def main() -> None:
    path, limit, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    notes = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    tell, pause = (tell_lines, 0.0) if mode == "lines" else (tell_mixed, 0.001)
    if len(sys.argv) > 4:
        pause = float(sys.argv[4])
    record_until_killed(notes, limit, tell, pause)


if __name__ == "__main__":
    main()
