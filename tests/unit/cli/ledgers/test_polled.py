"""Two answers about an execution, and what happened between them."""

from datetime import timedelta
from typing import Any

from everyrun.cli.ledgers.there.polled import Polled
from everyrun.domain import events
from everyrun.domain.clock import to_datetime
from everyrun.domain.status import Status
from everyrun.domain.views.executions import ExecutionDetail
from everyrun.domain.views.nodes import EarlierAttempt, NodeSummary

NOON = to_datetime(1_795_000_000_000_000)
ID = "01919af0-0000-7000-8000-000000000000"


def at(seconds: float) -> Any:
    return NOON + timedelta(seconds=seconds)


def node(key: str, status: Status, **more: Any) -> NodeSummary:
    fields: dict[str, Any] = dict.fromkeys(NodeSummary.__struct_fields__)
    fields |= {"id": f"id of {key}", "node": key, "status": status, "attempts": 1}
    if status is not Status.SKIPPED:
        fields["started_at"] = at(1)
    return NodeSummary(**(fields | more))


def detail(status: Status, *nodes: NodeSummary, **more: Any) -> ExecutionDetail:
    fields: dict[str, Any] = dict.fromkeys(ExecutionDetail.__struct_fields__)
    fields |= {"id": ID, "workflow": "nightly", "kind": "graph", "status": status}
    fields |= {"created_at": NOON, "updated_at": at(9), "nodes": list(nodes)}
    if status is not Status.PENDING:
        fields["started_at"] = NOON
    return ExecutionDetail(**(fields | more))


def no_attempts(_: str) -> list[EarlierAttempt]:
    raise AssertionError("nothing was tried again")


def words(told: list[events.AnyEvent]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for event in told:
        name = type(event).__name__
        found.append((name, event.node) if isinstance(event, events.NodeEvent) else (name,))
    return found


def test_what_is_new_is_told_once_and_in_order() -> None:
    polled = Polled(no_attempts)
    done = node("a", Status.COMPLETED, ended_at=at(2))
    running = node("b", Status.RUNNING, started_at=at(2))
    failed = node("b", Status.FAILED, started_at=at(2), ended_at=at(4), error="ValueError: no")

    nothing = polled.changes(detail(Status.PENDING))
    first = polled.changes(detail(Status.RUNNING, done, running))
    same = polled.changes(detail(Status.RUNNING, done, running))
    last = polled.changes(
        detail(
            Status.FAILED, done, failed, node("c", Status.SKIPPED, ended_at=at(4)), ended_at=at(4)
        )
    )

    assert ([], []) == (nothing, same)
    assert [
        ("ExecutionStarted",),
        ("NodeStarted", "a"),
        ("NodeFinished", "a"),
        ("NodeStarted", "b"),
    ] == words(first)
    assert [("NodeFinished", "b"), ("NodeFinished", "c"), ("ExecutionFinished",)] == words(last)
    finished = last[0]
    assert isinstance(finished, events.NodeFinished)
    assert (Status.FAILED, "ValueError: no") == (finished.status, finished.error_message)


def test_attempts_that_failed_are_told_with_their_errors() -> None:
    earlier = [
        EarlierAttempt(
            node_execution_id="id of a",
            attempt=number,
            status=Status.FAILED,
            started_at=at(number),
            ended_at=at(number + 0.5),
            duration_seconds=0.5,
            error=f"no {number}",
        )
        for number in (1, 2)
    ]
    polled = Polled(lambda _: earlier)

    first = polled.changes(detail(Status.RUNNING, node("a", Status.RETRYING, error="no 1")))
    then = polled.changes(detail(Status.RUNNING, node("a", Status.RUNNING, attempts=3)))
    retries = [event for event in first + then if isinstance(event, events.NodeRetrying)]
    starts = [event for event in first + then if isinstance(event, events.NodeStarted)]

    assert [(1, "no 1"), (2, "no 2")] == [(each.attempt, each.error_message) for each in retries]
    assert [1, 2, 3] == [each.attempt for each in starts]


def test_what_is_lost_is_told_and_may_go_on() -> None:
    polled = Polled(no_attempts)
    lost = node("a", Status.LOST, lost_reason="the process is gone")

    polled.changes(detail(Status.RUNNING, node("a", Status.RUNNING)))
    told = polled.changes(detail(Status.LOST, lost))
    again = polled.changes(detail(Status.RUNNING, node("a", Status.COMPLETED, ended_at=at(5))))

    assert [("NodeLost", "a")] == words(told)
    assert [("NodeFinished", "a")] == words(again)


def test_what_is_reused_is_known_but_not_told_of() -> None:
    polled = Polled(no_attempts, {"a", "each[1]"})
    reused = node("a", Status.COMPLETED, ended_at=at(2))
    turn = node("each", Status.COMPLETED, iteration="1", ended_at=at(2))
    fresh = node("b", Status.RUNNING)

    told = polled.changes(detail(Status.RUNNING, reused, turn, fresh))

    assert [("ExecutionStarted",), ("NodeStarted", "b")] == words(
        [event for event in told if not polled.is_reused(event)]
    )
    assert ("NodeFinished", "a") in words(told)


def test_progress_is_told() -> None:
    polled = Polled(no_attempts)
    running = node("a", Status.RUNNING, progress_current=1.0, progress_total=3.0)

    told = polled.changes(detail(Status.RUNNING, running))

    progress = told[-1]
    assert isinstance(progress, events.NodeProgressed)
    assert (1.0, 3.0) == (progress.current, progress.total)
