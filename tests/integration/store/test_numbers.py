"""Numbers are small, lasting, and the same for all who ask at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Connection

from everyrun.store.database import Database
from everyrun.store.deleting import delete_executions
from everyrun.store.numbers import (
    NodePlace,
    node_numbered,
    number_nodes,
    number_workflows,
    numbers_of_nodes,
    numbers_of_workflows,
    workflow_numbered,
)
from everyrun.store.versions import list_workflows
from tests.integration.reading.runs import NOBODY, Run, tell_runs
from tests.support.facts import NOON

ASKERS = 4


def _workflow_ids(database: Database, count: int) -> list[str]:
    tell_runs(database, [Run(f"flow {number}", kind="graph") for number in range(count)])
    with database.reading() as connection:
        return [record.id for record in list_workflows(connection)]


def test_a_workflow_keeps_the_number_that_it_was_given(database: Database) -> None:
    one, other = _workflow_ids(database, 2)

    first = database.transact(lambda connection: number_workflows(connection, [one]))
    both = database.transact(lambda connection: number_workflows(connection, [other, one]))

    assert first[one] == both[one] == 1
    assert both[other] == 2
    with database.reading() as connection:
        assert [one, other] == [workflow_numbered(connection, number) for number in (1, 2)]
        assert both == numbers_of_workflows(connection, [one, other])


def test_whoever_asks_at_the_same_time_gets_the_same_numbers(database: Database) -> None:
    ids = _workflow_ids(database, 20)
    ready = Barrier(ASKERS)

    def ask(asker: int) -> dict[str, int]:
        ready.wait(timeout=10)
        order = ids if asker % 2 else ids[::-1]
        return database.transact(lambda connection: number_workflows(connection, order))

    with ThreadPoolExecutor(ASKERS) as pool:
        answers = list(pool.map(ask, range(ASKERS)))

    assert all(answer == answers[0] for answer in answers)
    assert len(ids) == len(set(answers[0].values()))


def test_a_page_of_node_executions_is_numbered_at_once(database: Database) -> None:
    run = Run("nightly")
    places = [NodePlace(run.id, run.node(f"n{number}")) for number in range(5)]
    tell_runs(database, [run])

    given = database.transact(lambda connection: number_nodes(connection, places))

    assert {1, 2, 3, 4, 5} == set(given.values())
    with database.reading() as connection:
        assert given == numbers_of_nodes(connection, places)
        number = given[places[3].node_execution_id]
        assert places[3] == node_numbered(connection, number)


def test_a_deleted_node_execution_leaves_no_number_and_none_is_used_again(
    database: Database,
) -> None:
    run, later = Run("nightly"), Run("nightly")
    gone, place = NodePlace(run.id, run.node("a")), NodePlace(later.id, later.node("a"))
    tell_runs(database, [run, later])
    database.transact(lambda connection: number_nodes(connection, [gone]))

    database.transact(lambda connection: delete_executions(connection, [run.id], NOON))
    given = database.transact(lambda connection: number_nodes(connection, [place]))

    assert {place.node_execution_id: 2} == given
    with database.reading() as connection:
        assert node_numbered(connection, 1) is None


@pytest.mark.parametrize("number", [0, -1, 7, 1 << 63, 1 << 200])
def test_what_has_no_such_number_is_nothing(database: Database, number: int) -> None:
    with database.reading() as connection:
        assert workflow_numbered(connection, number) is None
        assert node_numbered(connection, number) is None


def test_nothing_is_numbered_without_being_asked(database: Database) -> None:
    def nothing(connection: Connection) -> tuple[dict[str, int], dict[str, int]]:
        return number_workflows(connection, []), numbers_of_workflows(connection, [NOBODY])

    assert ({}, {}) == database.transact(nothing)
