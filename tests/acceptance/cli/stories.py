"""What the ledger of these tests tells: executions of every sort, made of events."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from everyrun.domain.clock import SystemClock
from everyrun.domain.events import (
    AnyEvent,
    ExecutionFinished,
    ExecutionLost,
    ExecutionProgressed,
    ExecutionStarted,
    LineLogged,
    NodeFinished,
    NodeLost,
    NodeRetrying,
    NodeStarted,
    RecorderInfo,
    encode,
)
from everyrun.domain.identifiers import first_id_at, new_id
from everyrun.domain.status import LogLevel, Status
from everyrun.store.sql_sink import SqlSink

SECOND = 1_000_000
_TIME = len("0192f3a4-5b6c")


def write(url: str, *stories: "Story") -> None:
    """Put stories into the ledger at ``url``."""
    sink = SqlSink(url)
    recorder = RecorderInfo(
        id=new_id(), host="db1", pid=4711, started_at=SystemClock().now(), program="settle.py"
    )
    try:
        for story in stories:
            sink.write(recorder, [encode(event) for event in story.events])
    finally:
        sink.close()


@dataclass
class Story:
    """One execution, told in seconds since it began, ``age`` seconds ago."""

    workflow: str
    kind: str = "function"
    age: float = 600.0
    events: list[AnyEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = SystemClock().now() - int(self.age * SECOND)
        self.id = first_id_at(self.began)[:_TIME] + new_id()[_TIME:]
        self.orders: Iterator[int] = iter(range(1, 100_000))
        self.nodes: dict[str, str] = {}

    def at(self, seconds: float) -> int:
        """Microseconds UTC of a moment of the story."""
        return self.began + int(seconds * SECOND)

    def add(self, event_type: type, seconds: float, **values: object) -> "Story":
        """Add an event of the execution."""
        self.events.append(
            event_type(
                execution_id=self.id,
                workflow=self.workflow,
                kind=self.kind,
                at=self.at(seconds),
                **values,
            )
        )
        return self

    def start(self, **values: object) -> "Story":
        """The execution begins."""
        return self.add(ExecutionStarted, 0, **values)

    def finish(self, seconds: float, status: Status, **values: object) -> "Story":
        """The execution settles."""
        return self.add(ExecutionFinished, seconds, status=status, started_at=self.at(0), **values)

    def progress(self, seconds: float, current: float, total: float) -> "Story":
        """The execution says how far it is."""
        return self.add(ExecutionProgressed, seconds, current=current, total=total)

    def lose(self, seconds: float, reason: str) -> "Story":
        """The execution's process is gone."""
        return self.add(ExecutionLost, seconds, reason=reason)

    def node(
        self,
        name: str,
        began: float,
        ended: float | None = None,
        status: Status = Status.COMPLETED,
        *,
        parent: str | None = None,
        iteration: str | None = None,
        attempt: int = 1,
        input: object = None,  # noqa: A002 - the event's own word
        **outcome: object,
    ) -> "Story":
        """A node execution; it still runs when it has no end."""
        node_execution_id = self.nodes.setdefault(f"{name}[{iteration}]", new_id())
        self.nodes[name] = node_execution_id
        common = {
            "node": name,
            "node_execution_id": node_execution_id,
            "parent_node_execution_id": self.nodes[parent] if parent else None,
            "iteration": iteration,
            "attempt": attempt,
        }
        self.add(NodeStarted, began, order=next(self.orders), input=input, **common)
        if ended is not None:
            self.add(
                NodeFinished, ended, status=status, started_at=self.at(began), **common, **outcome
            )
        return self

    def retry(self, name: str, began: float, ended: float, attempt: int, error: str) -> "Story":
        """An attempt of a node fails, and another will follow."""
        node_execution_id = self.nodes.setdefault(f"{name}[None]", new_id())
        return self.add(
            NodeRetrying,
            ended,
            node=name,
            node_execution_id=node_execution_id,
            attempt=attempt,
            started_at=self.at(began),
            error_type="TimeoutError",
            error_message=error,
            error_traceback=f"Traceback (most recent call last):\n  …\nTimeoutError: {error}\n",
        )

    def lose_node(self, name: str, seconds: float, reason: str) -> "Story":
        """A node's process is gone."""
        return self.add(
            NodeLost, seconds, node=name, node_execution_id=self.nodes[name], reason=reason
        )

    def log(
        self,
        seconds: float,
        message: str,
        level: LogLevel = LogLevel.INFO,
        node: str | None = None,
        data: object = None,
    ) -> "Story":
        """A line is logged."""
        return self.add(
            LineLogged,
            seconds,
            id=new_id(),
            message=message,
            level=level,
            node=None if node is None else node,
            node_execution_id=None if node is None else self.nodes[node],
            data=data,
        )


def failed_settlement() -> Story:
    """A job in Korean that retried, failed in one node and skipped another."""
    error = {
        "error_type": "ValueError",
        "error_message": "row 17 has no amount\nin column 'total'",
        "error_traceback": _traceback(),
    }
    story = Story("월말 정산", kind="job", age=900)
    story.start(
        trigger="schedule",
        input={"sheet": "2026-10", "strict": True},
        external_id="settle-2026-10",
        tags=["nightly", "v2"],
        metadata={"triggered_by": "kim"},
    )
    story.node("load", 0, 1.3, output={"rows": 17})
    story.node("check", 1.3, 40)
    for number in range(4):
        began = 1.3 + number * 9
        story.node("row", began, began + 8 + number, parent="check", iteration=str(number))
    story.retry("report", 40, 43, 1, "no answer after 3 s")
    story.retry("report", 44, 64, 2, "no answer after 20 s")
    story.node("report", 65, 184, Status.FAILED, attempt=3, input={"page": 3}, **error)
    story.log(0.1, "reading the sheet", node="load", data={"path": "/data/a b.xlsx", "rows": 17})
    story.log(1.0, "row 17 looks odd", LogLevel.WARNING, node="load")
    story.log(184, "no amount in row 17\nsheet 2026-10", LogLevel.ERROR, node="report")
    story.log(184.1, "giving up")
    return story.finish(184.2, Status.FAILED, **error)


def completed_invoice(age: float = 3_600) -> Story:
    """A short function that went well."""
    story = Story("send_invoice", age=age).start(input={"number": 7})
    story.node("render", 0.1, 0.5).node("post", 0.5, 1.2)
    return story.finish(1.234, Status.COMPLETED, output={"sent": True})


def running_audit() -> Story:
    """A script that is a third done."""
    story = Story("environment-audit", kind="script", age=40).start()
    story.node("scan", 0, 2).node("verify", 2)
    return story.progress(39, 100, 300)


def lost_import() -> Story:
    """A Celery chain whose worker was killed."""
    story = Story("nightly-import", kind="celery", age=7_200).start(trigger="api")
    story.node("fetch", 0, 3).node("store", 3)
    story.lose_node("store", 60, "process 99 on w1 ended without a report")
    return story.lose(60, "process 99 on w1 ended without a report")


def long_log(count: int) -> Story:
    """An execution that logged very much."""
    story = Story("chatty", age=300).start()
    for number in range(1, count + 1):
        story.log(number / 1000, f"line {number}")
    return story.finish(200, Status.COMPLETED)


def large_loop(count: int) -> Story:
    """An execution of very many nodes, two of which failed."""
    story = Story("large", age=500).start().node("loop", 0, 400)
    for number in range(count):
        began = number / count * 300
        lasted = 50 if number == count - 9 else 1
        common: dict[str, Any] = {"parent": "loop", "iteration": str(number)}
        if number in (count // 3, count // 2):
            common |= {"status": Status.FAILED, "error_type": "KeyError", "error_message": "key"}
        story.node("turn", began, began + lasted, **common)
    return story.finish(400, Status.COMPLETED)


def _traceback() -> str:
    try:
        raise ValueError("row 17 has no amount")
    except ValueError:
        return traceback.format_exc()
