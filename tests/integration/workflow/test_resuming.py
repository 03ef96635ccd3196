"""An engine that is gone: another one goes on from what is on record."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from everyrun.domain.errors import LeaseLost
from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.store.leases import lease_of, take
from everyrun.store.reading.attempts import read_earlier_attempts
from everyrun.workflows.launching import LaunchRequest
from everyrun.workflows.running import Engine
from tests.support import graph_functions
from tests.support.graph_functions import gate
from tests.support.graphs import rows_of, saved, status_of

FUNCTIONS = "tests.support.graph_functions"
PATIENCE = 60
GRAPH = f"""
workflow: long
nodes:
  before: {{type: python, with: {{function: "{FUNCTIONS}:say", arguments: {{text: before}}}}}}
  hold: {{needs: before, type: python, with: {{function: "{FUNCTIONS}:hold"}}}}
  each:
    needs: hold
    type: for_each
    with: {{items: [1, 2]}}
    do:
      item:
        type: python
        with: {{function: "{FUNCTIONS}:say", arguments: {{text: "{{{{ item }}}}"}}}}
"""


@pytest.fixture
def other(engine: Engine, database: Database) -> Iterator[Engine]:
    """A second engine."""
    made = Engine(database, engine.settings)
    yield made
    made.close()


def test_what_was_committed_is_not_run_again(
    engine: Engine, other: Engine, database: Database
) -> None:
    saved(database, GRAPH)
    execution = engine.launch(LaunchRequest(workflow="long")).execution_id
    first = ThreadPoolExecutor(1).submit(engine.run, execution)
    assert gate("gate")[0].wait(PATIENCE)
    stolen = database.transact(
        lambda c: take(c, execution, other.id, "elsewhere", 0, 1 << 50, dead_owner=engine.id)
    )
    gate("gate")[1].set()

    assert stolen
    with pytest.raises(LeaseLost):
        first.result(PATIENCE)
    assert Status.COMPLETED == other.run(execution).status
    assert ["before", "1", "2"] == graph_functions.CALLS
    rows = rows_of(database, execution)
    assert (1, 2) == (rows["before"].attempt, rows["hold"].attempt)
    with database.reading() as connection:
        earlier = read_earlier_attempts(connection, execution)
        assert lease_of(connection, execution) is None
    assert [(rows["hold"].id, 1, "lost")] == [
        (each.node_execution_id, each.attempt, each.status) for each in earlier
    ]
    assert "completed" == status_of(database, execution)


def test_an_engine_that_is_stopped_hands_its_executions_back(
    engine: Engine, other: Engine, database: Database
) -> None:
    saved(database, GRAPH)
    execution = engine.launch(LaunchRequest(workflow="long")).execution_id
    first = ThreadPoolExecutor(1).submit(engine.run, execution)
    assert gate("gate")[0].wait(PATIENCE)
    engine.hand_over(drain=PATIENCE)
    gate("gate")[1].set()

    assert Status.PENDING == first.result(PATIENCE).status
    assert "running" == status_of(database, execution)
    assert Status.COMPLETED == other.run(execution).status
    assert 1 == rows_of(database, execution)["hold"].attempt


def test_what_comes_to_its_end_in_time_is_left_to_nobody(
    engine: Engine, database: Database
) -> None:
    saved(
        database,
        """
        workflow: short
        nodes:
          hold: {type: python, with: {function: "tests.support.graph_functions:hold"}}
          never: {needs: {hold: failure}, type: set, with: {values: {}}}
        output: "{{ nodes.hold.output }}"
        """,
    )
    execution = engine.launch(LaunchRequest(workflow="short")).execution_id
    first = ThreadPoolExecutor(1).submit(engine.run, execution)
    assert gate("gate")[0].wait(PATIENCE)
    engine.hand_over(drain=PATIENCE)
    gate("gate")[1].set()

    finished = first.result(PATIENCE)
    assert (Status.COMPLETED, "released") == (finished.status, finished.output)
    assert "completed" == status_of(database, execution)
    assert "skipped" == rows_of(database, execution)["never"].status
    with database.reading() as connection:
        assert lease_of(connection, execution) is None


def test_what_did_not_end_in_time_is_run_again_elsewhere(
    engine: Engine, other: Engine, database: Database
) -> None:
    saved(database, GRAPH.replace(":hold", ":hold_stubbornly"))
    execution = engine.launch(LaunchRequest(workflow="long")).execution_id
    first = ThreadPoolExecutor(1).submit(engine.run, execution)
    assert gate("gate")[0].wait(PATIENCE)
    engine.hand_over(drain=0.05)

    assert Status.PENDING == first.result(PATIENCE).status
    assert "lost" == rows_of(database, execution)["hold"].status
    gate("gate")[1].set()
    assert Status.COMPLETED == other.run(execution).status
    assert ("completed", 2) == (
        rows_of(database, execution)["hold"].status,
        rows_of(database, execution)["hold"].attempt,
    )
