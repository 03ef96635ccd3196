"""A scheduler with an engine: what is due runs here, what was left is run on here."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from typing import Any

import pytest

import everyrun
from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.scheduler.firing import Fired
from everyrun.scheduler.loop import Watcher
from everyrun.scheduler.serving import Listener, Service
from everyrun.scheduler.settings import SchedulerSettings
from everyrun.store import journal
from everyrun.store.batches import BatchRecord, Counts
from everyrun.store.database import Database, open_database
from everyrun.store.leaderships import leader_of
from everyrun.workflows.batches.making import make_over_inputs
from everyrun.workflows.launching import LaunchRequest, Owner, launch
from everyrun.workflows.running import Engine, Finished
from everyrun.workflows.settings import EngineSettings
from tests.support import graph_functions
from tests.support.graph_functions import gate
from tests.support.graphs import saved, status_of
from tests.support.postgresql_server import PostgresqlServer
from tests.support.schedules import HOUR, a_graph, a_schedule
from tests.support.waiting import wait_until

PATIENCE = 60
QUICK = SchedulerSettings(poll_seconds=0.02, lease_seconds=5, drain_seconds=PATIENCE)


class _AnHourAgo(SystemClock):
    """What an hourly schedule was added by when it is due now, and not again in this test."""

    def now(self) -> int:
        return super().now() - HOUR


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """An engine that looks for work often."""
    graph_functions.reset()
    everyrun.configure(url=database.url.render_as_string(hide_password=False))
    made = Engine(database, EngineSettings(poll_seconds=0.02, lease_seconds=5, cancel_grace=0.2))
    yield made
    made.close()
    everyrun.configure()


@contextmanager
def _serving(
    database: Database, engine: Engine, dead: str | None = None, **listener: Any
) -> Iterator[Service]:
    service = Service(
        database,
        engine,
        QUICK,
        is_surely_dead=lambda owner, _host: owner == dead,
        listener=Listener(**listener),
    )
    thread = Thread(target=service.run)
    thread.start()
    try:
        yield service
    finally:
        service.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_what_is_due_runs(database: Database, engine: Engine) -> None:
    fired: SimpleQueue[Fired] = SimpleQueue()
    finished: SimpleQueue[Finished] = SimpleQueue()
    schedule = a_schedule(database, _AnHourAgo(), every=3_600)
    with _serving(database, engine, watcher=Watcher(on_fired=fired.put), on_finished=finished.put):
        first = fired.get(timeout=PATIENCE).fires[0]
        ended = finished.get(timeout=PATIENCE)

    assert (schedule.next_fire_at, "started") == (first.due_at, first.outcome)
    assert (first.execution_id, Status.COMPLETED) == (ended.execution_id, ended.status)


def test_a_batch_that_nobody_runs_is_run(database: Database, engine: Engine) -> None:
    ended: SimpleQueue[BatchRecord] = SimpleQueue()
    a_graph(database)
    batch = make_over_inputs(database, "nightly", [{"day": "1"}, {"day": "2"}])
    with _serving(database, engine, on_batch_ended=ended.put):
        told = ended.get(timeout=PATIENCE)

    assert (batch.id, Status.COMPLETED, Counts(completed=2)) == (told.id, told.status, told.counts)


def test_what_a_dead_engine_left_is_run_on(database: Database, engine: Engine) -> None:
    finished: SimpleQueue[Finished] = SimpleQueue()
    rescued: SimpleQueue[Any] = SimpleQueue()
    a_graph(database)
    dead = Owner(new_id(), engine.owner.host, 3_600)
    left = launch(database, LaunchRequest(workflow="nightly"), owner=dead).execution_id
    with _serving(
        database,
        engine,
        dead.id,
        watcher=Watcher(on_rescued=rescued.put),
        on_finished=finished.put,
    ):
        assert left == rescued.get(timeout=PATIENCE).execution_id
        assert (left, Status.COMPLETED) == finished.get(timeout=PATIENCE)[:2]


def test_one_that_is_stopped_lets_what_runs_end_and_gives_the_lead_up(
    database: Database, engine: Engine
) -> None:
    saved(
        database,
        """
        workflow: long
        nodes:
          only: {type: python, with: {function: "tests.support.graph_functions:hold"}}
        """,
    )
    execution_id = launch(database, LaunchRequest(workflow="long")).execution_id
    with _serving(database, engine) as service:
        assert gate("gate")[0].wait(PATIENCE)
        service.stop()
        gate("gate")[1].set()

    assert "completed" == status_of(database, execution_id)
    with database.reading() as connection:
        leader = leader_of(connection, "scheduler")
    assert leader is not None
    assert leader.expires_at <= SystemClock().now()


def test_what_breaks_one_thread_ends_the_process_in_order(
    database: Database, engine: Engine
) -> None:
    def refuse(_fired: Fired) -> None:
        raise RuntimeError("the listener broke")

    a_schedule(database, SystemClock(), every=1)
    service = Service(
        database,
        engine,
        QUICK,
        is_surely_dead=lambda _owner, _host: False,
        listener=Listener(watcher=Watcher(on_fired=refuse)),
    )

    with pytest.raises(RuntimeError, match="the listener broke"):
        service.run()


@pytest.mark.postgresql
def test_a_ledger_that_was_away_for_long_leaves_nothing_undone(
    postgresql_server: PostgresqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "PAUSES", (0.0, 0.1))
    database = open_database(postgresql_server.url())
    database.upgrade()
    everyrun.configure(url=postgresql_server.url())
    graph_functions.reset()
    saved(
        database,
        """
        workflow: long
        nodes:
          only: {type: python, with: {function: "tests.support.graph_functions:hold"}}
          then: {needs: only, type: set, with: {values: {a: 1}}}
        """,
    )
    engine = Engine(database, EngineSettings(poll_seconds=0.02, lease_seconds=1, cancel_grace=0.2))
    execution_id = launch(database, LaunchRequest(workflow="long")).execution_id
    with _serving(database, engine):
        assert gate("gate")[0].wait(PATIENCE)
        postgresql_server.crash()
        gate("gate")[1].set()
        wait_until(lambda: not engine._runs, "the run gave up", PATIENCE)
        postgresql_server.start()
        wait_until(lambda: "completed" == status_of(database, execution_id), "it ran", PATIENCE)
    engine.close()
    database.close()
    everyrun.configure()
