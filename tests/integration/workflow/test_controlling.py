"""Executions do what is asked of them from elsewhere: cancel, kill, pause, answer."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.store.leases import hand_over
from everyrun.workflows import controlling
from everyrun.workflows.controlling import AlreadySettled
from everyrun.workflows.launching import LaunchRequest
from everyrun.workflows.running import Engine, Finished
from tests.support.graph_functions import gate
from tests.support.graphs import ran, rows_of, saved, status_of

FUNCTIONS = "tests.support.graph_functions"
HOLDS = f"""
workflow: holds
nodes:
  hold: {{type: python, with: {{function: "{FUNCTIONS}:hold"}}}}
  after: {{needs: hold, type: python, with: {{function: "{FUNCTIONS}:nothing"}}}}
"""
PATIENCE = 60


def begun(engine: Engine, database: Database, text: str) -> tuple[str, "Future[Finished]"]:
    """A graph that runs in a thread, after its node is inside :func:`hold`."""
    saved(database, text)
    launched = engine.launch(LaunchRequest(workflow="holds"))
    pool = ThreadPoolExecutor(1)
    running = pool.submit(engine.run, launched.execution_id)
    assert gate("gate")[0].wait(PATIENCE)
    return launched.execution_id, running


def test_a_cancel_ends_what_runs_and_starts_nothing_more(
    engine: Engine, database: Database
) -> None:
    execution, running = begun(engine, database, HOLDS)
    controlling.cancel(database, execution, by="O'Brien", reason="not today")

    assert (execution, Status.CANCELLED, None, "cancelled by O'Brien: not today") == running.result(
        PATIENCE
    )
    rows = rows_of(database, execution)
    # It noticed in time and said so: what it gave back is the truth.
    assert {"hold": "completed"} == {label: row.status for label, row in rows.items()}
    assert "cancelled" == status_of(database, execution)


def test_a_node_that_does_not_hear_is_left_behind(engine: Engine, database: Database) -> None:
    execution, running = begun(engine, database, HOLDS.replace(":hold", ":hold_stubbornly"))
    controlling.cancel(database, execution)

    assert Status.CANCELLED == running.result(PATIENCE).status
    assert "cancelled" == rows_of(database, execution)["hold"].status
    gate("gate")[1].set()


def test_an_asynchronous_node_is_cancelled_where_it_waits(
    engine: Engine, database: Database
) -> None:
    execution, running = begun(engine, database, HOLDS.replace(":hold", ":hold_async"))
    controlling.cancel(database, execution)

    assert Status.CANCELLED == running.result(PATIENCE).status
    assert "cancelled" == rows_of(database, execution)["hold"].status


def test_a_cancel_before_it_begins_settles_it_at_once(engine: Engine, database: Database) -> None:
    saved(database, HOLDS)
    launched = engine.launch(LaunchRequest(workflow="holds"))
    other = Engine(database, engine.settings)
    database.transact(lambda c: hand_over(c, launched.execution_id, engine.id, 0))

    assert controlling.cancel(database, launched.execution_id, by="me")
    assert "cancelled" == status_of(database, launched.execution_id)
    with pytest.raises(AlreadySettled):
        other.run(launched.execution_id)
    other.close()


def test_a_paused_execution_starts_nothing_until_it_goes_on(
    engine: Engine, database: Database
) -> None:
    execution, running = begun(engine, database, HOLDS)
    controlling.pause(database, execution, by="me")
    run = engine._runs[execution]
    while not run.paused:
        pass
    gate("gate")[1].set()
    while "completed" not in {row.status for row in rows_of(database, execution).values()}:
        pass

    assert {"hold"} == rows_of(database, execution).keys()
    controlling.unpause(database, execution)
    assert Status.COMPLETED == running.result(PATIENCE).status
    assert {"hold", "after"} == rows_of(database, execution).keys()


def test_a_timeout_fails_the_attempt(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        f"""
        workflow: slow
        nodes:
          hold: {{type: python, timeout: 50ms, with: {{function: "{FUNCTIONS}:hold"}}}}
          async: {{type: python, timeout: 50ms, with: {{function: "{FUNCTIONS}:hold_async"}}}}
        """,
    )

    assert {"hold": "failed", "async": "failed"} == run.statuses()
    assert "did not end within 0.05 s" == run.rows["hold"].error_message
    assert "TimeoutError" == run.rows["async"].error_type


def test_an_execution_has_a_time_limit_too(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        f"""
        workflow: slow
        policy: {{timeout: 1s}}
        nodes:
          hold: {{type: python, with: {{function: "{FUNCTIONS}:hold_async"}}}}
        """,
    )

    assert (Status.FAILED, "did not end within 1 s") == (
        run.finished.status,
        run.finished.error_message,
    )
    assert {"hold": "cancelled"} == run.statuses()


def test_what_has_settled_cannot_be_cancelled(engine: Engine, database: Database) -> None:
    run = ran(engine, database, HOLDS.replace(":hold", ":nothing"))

    with pytest.raises(AlreadySettled):
        controlling.cancel(database, run.finished.execution_id)
