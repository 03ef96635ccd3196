"""What an execution says of itself to whoever goes on with it."""

import pytest

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store import history
from everyrun.store.database import Database
from everyrun.store.reuse import Reuse, read_reuse, record_reuse
from tests.support.facts import NOON, SECOND, Facts, a_recorder, tell


def test_an_execution_tells_what_it_was_started_with(database: Database) -> None:
    facts, origin, recorder = Facts("nightly", "graph"), new_id(), a_recorder()
    tell(
        database,
        facts.started(
            input={"day": "today"},
            trigger="rerun",
            origin_execution_id=origin,
            tags=["a"],
            metadata={"by": "ana"},
        ),
        facts.finished(status=Status.FAILED, error_type="Oops", error_message="no"),
        recorder=recorder,
    )

    with database.reading() as connection:
        found = history.read_execution(connection, facts.execution_id)

    assert (facts.execution_id, "nightly", "graph") == (found.id, found.workflow, found.kind)
    assert ({"day": "today"}, "rerun", origin) == (
        found.input,
        found.trigger,
        found.origin_execution_id,
    )
    assert (Status.FAILED, NOON, NOON + SECOND) == (found.status, found.started_at, found.ended_at)
    assert (["a"], {"by": "ana"}, recorder.id) == (found.tags, found.metadata, found.recorder_id)
    assert ("Oops", "no") == (found.error_type, found.error_message)


def test_what_is_not_on_record_is_said_so(database: Database) -> None:
    with database.reading() as connection, pytest.raises(NotOnRecord):
        history.read_execution(connection, new_id())


def test_node_executions_come_in_the_order_in_which_they_were_begun(database: Database) -> None:
    facts, parent = Facts("nightly", "graph"), new_id()
    later = {**facts.at_node, "node": "clean", "node_execution_id": new_id()}
    first = facts.node_started(order=1, input={"x": 1}, iteration="0")
    second = type(first)(**later, at=NOON, order=2, parent_node_execution_id=parent)
    tell(
        database,
        second,
        first,
        facts.node_retrying(),
        facts.node_started(at=NOON + 2, attempt=2),
        facts.node_finished(attempt=2, output=[1, None]),
    )

    with database.reading() as connection:
        found = history.read_history(connection, facts.execution_id)

    assert ["load", "clean"] == [node.key for node in found]
    assert (Status.COMPLETED, 2, 1, NOON, NOON + SECOND, [1, None], {"x": 1}, "0") == (
        found[0].status,
        found[0].attempt,
        found[0].order,
        found[0].started_at,
        found[0].ended_at,
        found[0].output,
        found[0].input,
        found[0].iteration,
    )
    assert (Status.RUNNING, parent, None) == (
        found[1].status,
        found[1].parent_node_execution_id,
        found[1].ended_at,
    )


def test_an_execution_knows_its_children(database: Database) -> None:
    facts, first, second = Facts(), Facts(), Facts()
    for child in (second, first):
        tell(database, child.started(parent_execution_id=facts.execution_id))

    with database.reading() as connection:
        found = history.children_of(connection, facts.execution_id)

    assert sorted([first.execution_id, second.execution_id]) == found


def _ran(database: Database, seconds: float, status: Status = Status.COMPLETED) -> Facts:
    facts = Facts("nightly", "graph")
    tell(
        database,
        facts.started(),
        facts.node_started(),
        facts.node_finished(at=NOON + round(seconds * SECOND)),
        facts.finished(status=status),
    )
    return facts


def _usual(database: Database, facts: Facts) -> dict[str, float]:
    with database.reading() as connection:
        workflow_id = history.read_execution(connection, facts.execution_id).workflow_id
        return history.usual_durations(connection, workflow_id)


def test_the_usual_duration_is_that_of_the_last_completed_executions(database: Database) -> None:
    _ran(database, 90)
    for seconds in (1, 2, 3):
        _ran(database, seconds)

    facts = _ran(database, 50, Status.FAILED)

    assert {"load": 2.0} == _usual(database, facts)


def test_what_was_taken_over_or_never_completed_has_no_usual_duration(database: Database) -> None:
    facts = _ran(database, 5, Status.FAILED)

    assert {} == _usual(database, facts)

    rerun = _ran(database, 0)
    reuse = Reuse(rerun.node_execution_id, facts.execution_id, facts.node_execution_id)
    database.transact(lambda c: record_reuse(c, rerun.execution_id, [reuse]))

    assert {} == _usual(database, rerun)


def test_what_was_taken_over_is_kept_once(database: Database) -> None:
    execution_id = new_id()
    taken_over = [Reuse(new_id(), new_id(), new_id()) for _ in range(3)]

    for _ in range(2):
        database.transact(lambda c: record_reuse(c, execution_id, taken_over))
    database.transact(lambda c: record_reuse(c, new_id(), []))

    with database.reading() as connection:
        found = read_reuse(connection, execution_id)
    assert {reuse.node_execution_id: reuse for reuse in taken_over} == found
