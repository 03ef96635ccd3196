"""What an engine left behind is told as lost and waits for the next one."""

from typing import Any

import pytest

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.scheduler.overdue import Overdue
from everyrun.scheduler.rescuing import rescue_all
from everyrun.store import leases
from everyrun.store.checking import check_counters, check_integrity
from everyrun.store.database import Database
from everyrun.store.history import read_execution, read_history
from everyrun.store.leases import lease_of
from everyrun.store.slots import claim_slot, count_dead_slots, drop_dead_slots
from everyrun.testing import HandClock
from everyrun.workflows.launching import LaunchRequest, Owner, launch
from everyrun.workflows.rescuing import Rescued
from tests.support.facts import tell
from tests.support.schedules import SECOND, a_graph


def _under_way(database: Database, owner: str, clock: HandClock) -> str:
    """An execution that an engine has begun, one node of it completed and one running."""
    a_graph(database)
    launched = launch(
        database,
        LaunchRequest(workflow="nightly"),
        clock=clock,
        owner=Owner(owner, "host-a", 30),
    )
    of: dict[str, Any] = {
        "execution_id": launched.execution_id,
        "workflow": "nightly",
        "kind": "graph",
    }
    first, second = (
        {**of, "node": key, "node_execution_id": new_id(), "at": clock.now()} for key in "ab"
    )
    tell(
        database,
        events.ExecutionStarted(**of, at=clock.now()),
        events.NodeStarted(**first),
        events.NodeFinished(**first, status=Status.COMPLETED),
        events.NodeStarted(**second),
        recorder=events.RecorderInfo(id=owner, host="host-a", pid=4242, started_at=clock.now()),
    )
    return launched.execution_id


def test_an_execution_whose_lease_ran_out_is_lost_and_waits(database: Database) -> None:
    clock, owner, told = HandClock(), new_id(), list[Rescued]()
    execution_id = _under_way(database, owner, clock)
    clock.forward(seconds=31)
    count = rescue_all(database, clock.now(), host="host-b", on_rescued=told.append)
    with database.reading() as connection:
        execution = read_execution(connection, execution_id)
        nodes = {row.key: row.status.value for row in read_history(connection, execution_id)}
        lease = lease_of(connection, execution_id)
        assert [] == check_counters(connection)
        assert [] == check_integrity(connection)

    assert 1 == count
    assert [(execution_id, "nightly")] == [each[:2] for each in told]
    assert f"engine {owner} on host-a (pid 4242) did not renew its lease" in told[0].evidence
    assert "lost" == execution.status
    assert {"a": "completed", "b": "lost"} == nodes
    assert lease is not None and (None, 1) == (lease.owner, lease.epoch)


def test_one_who_renews_in_time_keeps_it(database: Database) -> None:
    clock, owner = HandClock(), new_id()
    execution_id = _under_way(database, owner, clock)

    assert 0 == rescue_all(database, clock.now() + 29 * SECOND, host="host-a")
    with database.reading() as connection:
        assert "running" == read_execution(connection, execution_id).status


def test_what_the_dead_of_this_host_held_is_not_waited_for(database: Database) -> None:
    clock, owner, told = HandClock(), new_id(), list[Rescued]()
    execution_id = _under_way(database, owner, clock)
    kept = _under_way(database, new_id(), clock)
    rescue_all(
        database,
        clock.now(),
        host="host-a",
        is_surely_dead=lambda who, _host: who == owner,
        on_rescued=told.append,
    )

    assert [execution_id] == [each.execution_id for each in told]
    assert f"engine {owner} on host-a (pid 4242) has ended" == told[0].evidence
    with database.reading() as connection:
        assert "running" == read_execution(connection, kept).status


def test_what_was_taken_and_not_begun_waits_again_and_lost_nothing(database: Database) -> None:
    clock = HandClock()
    a_graph(database)
    owner = Owner(new_id(), "host-a", 30)
    launched = launch(database, LaunchRequest(workflow="nightly"), clock=clock, owner=owner)
    rescue_all(database, clock.now() + 31 * SECOND, host="host-a")
    with database.reading() as connection:
        assert "pending" == read_execution(connection, launched.execution_id).status
        lease = lease_of(connection, launched.execution_id)

    assert lease is not None and lease.owner is None


def _claim(database: Database, execution_id: str, now: int) -> None:
    assert database.transact(lambda c: claim_slot(c, "key", 5, execution_id, new_id(), now))


def test_concurrency_slots_of_what_nobody_runs_are_dropped(database: Database) -> None:
    clock, owner = HandClock(), new_id()
    held, gone = _under_way(database, owner, clock), new_id()
    for execution_id in (held, gone):
        _claim(database, execution_id, clock.now())
    with database.reading() as connection:
        assert 1 == count_dead_slots(connection)

    assert 1 == database.transact(drop_dead_slots)
    with database.reading() as connection:
        assert 0 == count_dead_slots(connection)


def test_what_nobody_takes_for_long_is_told_of_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    clock, overdue = HandClock(), Overdue(60)
    a_graph(database)
    waiting = launch(database, LaunchRequest(workflow="nightly"), clock=clock).execution_id
    paused = launch(database, LaunchRequest(workflow="nightly"), clock=clock).execution_id
    database.transact(lambda c: leases.set_paused(c, paused, clock.now()))
    told = [overdue.tell(database, clock.now() + at * SECOND) for at in (59, 61, 70)]

    assert [[], [waiting], []] == told
    assert [f"execution {waiting} waits for 61 s and no engine takes it"] == caplog.messages
