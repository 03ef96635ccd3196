"""Any order, any number of times, any number of writers: the same ledger."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from everyrun.domain.events import WIRE_VERSION, Batch
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.intake import append_batch
from tests.support.emptying import empty
from tests.support.snapshots import snapshot
from tests.support.stories import NOON, Batches, Story, retellings, stories


def _read_back(database: Database, batches: Batches) -> dict[str, list[tuple[Any, ...]]]:
    """The ledger after these batches and no others."""
    empty(database)
    for recorder, told in batches:
        append_batch(database, Batch(version=WIRE_VERSION, recorder=recorder, events=told), NOON)
    with database.reading() as connection:
        return snapshot(connection)


@given(data=st.data(), story=stories())
def test_facts_told_in_any_order_and_repeated_give_the_same_ledger(
    database: Database, data: st.DataObject, story: Story
) -> None:
    expected = _read_back(database, [(recorder, [event]) for recorder, event in story.told])

    actual = _read_back(database, data.draw(retellings(story)))

    for table, rows in expected.items():
        assert rows == actual[table], table


@given(data=st.data(), story=stories())
def test_the_sums_agree_with_a_recount_after_every_batch(
    database: Database, data: st.DataObject, story: Story
) -> None:
    empty(database)
    for recorder, told in data.draw(retellings(story)):
        append_batch(database, Batch(version=WIRE_VERSION, recorder=recorder, events=told), NOON)
        with database.reading() as connection:
            assert [] == check_counters(connection)


@given(data=st.data(), story=stories())
def test_positions_of_lines_are_distinct_and_below_the_executions_mark(
    database: Database, data: st.DataObject, story: Story
) -> None:
    _read_back(database, data.draw(retellings(story)))

    with database.reading() as connection:
        wrong = connection.execute(
            text(
                "SELECT l.workflow_execution_id, l.position, count(*) FROM execution_logs l "
                "JOIN workflow_executions e ON e.id = l.workflow_execution_id "
                "GROUP BY l.workflow_execution_id, l.position, e.log_position "
                "HAVING count(*) > 1 OR l.position > e.log_position OR l.position < 1"
            )
        ).all()

    assert [] == wrong
