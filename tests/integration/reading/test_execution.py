"""One execution, and one of its node executions."""

import pytest

from everyrun.domain import events
from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.store.reading import execution as execution_page
from everyrun.store.reading import nodes as nodes_page
from everyrun.store.reading.execution import read_execution, read_node
from tests.integration.reading.runs import NOBODY, Run, tell_runs
from tests.support.facts import NOON, SECOND, a_recorder, tell


def test_an_execution_is_read_whole(database: Database) -> None:
    parent = Run("caller")
    run = Run(
        "nightly",
        input={"n": 1},
        context={"variables": {"a": "ㄱ"}},
        metadata={"triggered_by": "kim"},
        parent_execution_id=parent.id,
        origin_execution_id=parent.id,
    )
    run.finished(output=[1, 2], after=2 * SECOND).lines("one", "two")
    recorder = a_recorder(host="worker-9", pid=77)
    tell_runs(database, [parent])
    tell(database, *run.told, recorder=recorder)
    with database.reading() as connection:
        detail = read_execution(connection, run.id.upper())

    assert (run.id, "nightly", "completed", 2.0) == (
        detail.id,
        detail.workflow,
        detail.status,
        detail.duration_seconds,
    )
    assert ({"n": 1}, [1, 2]) == (detail.input, detail.output)
    assert ({"variables": {"a": "ㄱ"}}, {"triggered_by": "kim"}) == (
        detail.context,
        detail.metadata,
    )
    assert (parent.id, parent.id) == (detail.parent_execution_id, detail.origin_execution_id)
    assert (recorder.id, "worker-9", 77) == (
        detail.recorder_id,
        detail.recorder_host,
        detail.recorder_pid,
    )
    assert (2, [], 0) == (detail.log_lines, detail.nodes, detail.nodes_cut)


def test_an_error_is_told_in_full_and_in_a_line(database: Database) -> None:
    run = Run().finished(
        Status.FAILED, error_type="KeyError", error_message="'a'\nb", error_traceback="File x"
    )
    tell_runs(database, [run])
    with database.reading() as connection:
        detail = read_execution(connection, run.id)

    assert "KeyError: 'a'" == detail.error
    assert ("KeyError", "'a'\nb", "File x") == (
        detail.error_type,
        detail.error_message,
        detail.error_traceback,
    )


def test_nodes_come_in_the_order_they_were_begun_and_those_without_one_last(
    database: Database,
) -> None:
    run = Run()
    unordered = run.node("later")
    second = run.node("b", order=2, iteration="0")
    first = run.node("a", order=1)
    inner = run.node("inner", order=2, parent_node_execution_id=first)
    tell_runs(database, [run])
    with database.reading() as connection:
        nodes = read_execution(connection, run.id).nodes

    assert [first, second, inner, unordered] == [node.id for node in nodes]
    assert ["a", "b", "inner", "later"] == [node.node for node in nodes]
    assert [None, None, first, None] == [node.parent_node_execution_id for node in nodes]
    assert [None, "0", None, None] == [node.iteration for node in nodes]


def test_a_node_says_how_it_went(database: Database) -> None:
    run = Run()
    run.node("fine", took=3 * SECOND, order=1)
    run.node("broken", Status.FAILED, order=2)
    run.node("still running", None, order=3)
    tell_runs(database, [run])
    with database.reading() as connection:
        nodes = read_execution(connection, run.id).nodes

    assert ["completed", "failed", "running"] == [node.status for node in nodes]
    assert [3.0, 1.0, None] == [node.duration_seconds for node in nodes]
    assert [None, "OSError: no space left", None] == [node.error for node in nodes]


def test_what_went_with_its_process_says_so(database: Database) -> None:
    recorder = a_recorder()
    run = Run()
    run.node("load", None)
    gone = events.RecorderGone(at=NOON + SECOND, reason="killed")
    tell(database, *run.told, gone, recorder=recorder)
    with database.reading() as connection:
        detail = read_execution(connection, run.id)

    assert [("lost", "killed")] == [(node.status, node.lost_reason) for node in detail.nodes]
    assert ("lost", "killed") == (detail.status, detail.lost_reason)


def test_more_nodes_than_fit_are_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes_page, "MOST_NODES", 2)
    run = Run()
    kept = [run.node("load", order=1), run.node("load", order=2)]
    run.node("load", order=3)
    tell_runs(database, [run])
    with database.reading() as connection:
        detail = read_execution(connection, run.id)

    assert (kept, 1) == ([node.id for node in detail.nodes], detail.nodes_cut)


def test_a_node_execution_is_read_with_every_attempt(database: Database) -> None:
    run = Run()
    node_execution_id = new_id()
    of = {**run.of, "node": "load", "node_execution_id": node_execution_id}
    for attempt in (1, 2):
        at = NOON + attempt * 10 * SECOND
        run.told.append(events.NodeStarted(**of, at=at, attempt=attempt, input={"page": 1}))
        run.told.append(
            events.NodeRetrying(
                **of,
                at=at + SECOND,
                attempt=attempt,
                started_at=at,
                error_type="OSError",
                error_message=f"try {attempt}",
                error_traceback="File x",
            )
        )
    last = NOON + 30 * SECOND
    run.told.append(events.NodeStarted(**of, at=last, attempt=3))
    run.told.append(
        events.NodeFinished(
            **of, at=last + 2 * SECOND, attempt=3, status=Status.COMPLETED, output="read"
        )
    )
    tell_runs(database, [run])
    with database.reading() as connection:
        node = read_node(connection, run.id, node_execution_id)

    assert ("load", "completed", 3) == (node.node, node.status, node.attempts)
    assert ({"page": 1}, "read") == (node.input, node.output)
    assert [(1, "try 1"), (2, "try 2"), (3, None)] == [
        (attempt.attempt, attempt.error_message) for attempt in node.attempt_details
    ]
    assert [1.0, 1.0, 2.0] == [attempt.duration_seconds for attempt in node.attempt_details]
    assert (to_datetime(NOON + 10 * SECOND), to_datetime(last)) == (
        node.started_at,
        node.attempt_started_at,
    )


@pytest.mark.parametrize("unknown", [NOBODY, "17", "", "not an id"])
def test_what_is_not_on_record_is_said_so(database: Database, unknown: str) -> None:
    run = Run()
    tell_runs(database, [run])
    with database.reading() as connection:
        with pytest.raises(NotOnRecord):
            read_execution(connection, unknown)
        with pytest.raises(NotOnRecord):
            read_node(connection, run.id, unknown)


def test_a_thousand_nodes_come_whole(history: Database) -> None:
    with history.reading() as connection:
        widest = max(
            (read_execution(connection, id_) for id_ in _some_ids(history)),
            key=lambda detail: detail.nodes_total,
        )

    assert widest.nodes_total == len(widest.nodes) > 50
    assert sorted(node.execution_order or 0 for node in widest.nodes) == [
        node.execution_order for node in widest.nodes
    ]
    assert execution_page.MOST_NODES >= len(widest.nodes)


def _some_ids(history: Database) -> list[str]:
    from sqlalchemy import select

    from everyrun.store.tables import WorkflowExecution as Execution

    statement = select(Execution.id).order_by(Execution.nodes_total.desc()).limit(3)
    with history.reading() as connection:
        return list(connection.execute(statement).scalars())
